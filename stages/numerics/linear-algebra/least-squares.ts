/**
 * The x that minimises |A x − b|², by Householder reflections: as exact as the conditioning of A allows, which
 * normal equations are not.
 *
 * @param a rows of A, at least as many as columns
 */
export function leastSquares(a: readonly ArrayLike<number>[], b: ArrayLike<number>): Float64Array {
  const rows = a.map((row) => Float64Array.from(row));
  const rhs = Float64Array.from(b);
  const columns = rows[0]!.length;
  for (let k = 0; k < columns; k++) {
    let norm = 0;
    for (let i = k; i < rows.length; i++) norm += rows[i]![k]! * rows[i]![k]!;
    norm = Math.sqrt(norm);
    if (norm === 0) continue;
    const alpha = rows[k]![k]! > 0 ? -norm : norm;
    const reflector = rows.slice(k).map((row) => row[k]!);
    reflector[0]! -= alpha;
    const squared = reflector.reduce((sum, value) => sum + value * value, 0);
    const reflect = (get: (i: number) => number, set: (i: number, value: number) => void) => {
      let dot = 0;
      for (let i = 0; i < reflector.length; i++) dot += reflector[i]! * get(k + i);
      const scale = (2 * dot) / squared;
      for (let i = 0; i < reflector.length; i++) set(k + i, get(k + i) - scale * reflector[i]!);
    };
    for (let j = k; j < columns; j++) {
      reflect(
        (i) => rows[i]![j]!,
        (i, value) => {
          rows[i]![j] = value;
        },
      );
    }
    reflect(
      (i) => rhs[i]!,
      (i, value) => {
        rhs[i] = value;
      },
    );
  }
  const x = new Float64Array(columns);
  for (let k = columns - 1; k >= 0; k--) {
    let sum = rhs[k]!;
    for (let j = k + 1; j < columns; j++) sum -= rows[k]![j]! * x[j]!;
    x[k] = rows[k]![k] === 0 ? 0 : sum / rows[k]![k]!;
  }
  return x;
}
