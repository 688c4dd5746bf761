/** Eigenvalues of a symmetric matrix, and the matrix whose columns are the eigenvectors of length 1. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: readonly Float64Array[];
}

/** Sweeps over all off-diagonal elements; six or seven are enough for any matrix that is not huge. */
const SWEEPS = 50;

/**
 * Eigen-decomposition of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations,
 * section 8.5), which finds small eigenvalues of positive matrices as precisely as large ones.
 *
 * @param matrix rows; only its upper triangle is looked at
 */
export function eigen(matrix: readonly Float64Array[]): Eigen {
  const n = matrix.length;
  const a = matrix.map((_, i) =>
    Float64Array.from({ length: n }, (_, j) => matrix[Math.min(i, j)]![Math.max(i, j)]!),
  );
  const vectors = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    let rotated = false;
    for (let p = 0; p < n - 1; p += 1) {
      for (let q = p + 1; q < n; q += 1) rotated = rotate(a, vectors, p, q) || rotated;
    }
    if (!rotated) break;
  }
  return { values: Float64Array.from(a, (row, i) => row[i]!), vectors };
}

/** Makes a[p][q] zero by turning axes p and q; whether it was more than rounding. */
function rotate(a: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): boolean {
  const [app, aqq, apq] = [a[p]![p]!, a[q]![q]!, a[p]![q]!];
  if (Math.abs(apq) <= Number.EPSILON * Math.sqrt(Math.abs(app * aqq))) return false;
  const theta = (aqq - app) / (2 * apq);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (const row of a) turn(row, p, q, cosine, sine);
  const [rowP, rowQ] = [a[p]!, a[q]!];
  for (let k = 0; k < rowP.length; k += 1) {
    const [x, y] = [rowP[k]!, rowQ[k]!];
    rowP[k] = cosine * x - sine * y;
    rowQ[k] = sine * x + cosine * y;
  }
  for (const row of vectors) turn(row, p, q, cosine, sine);
  return true;
}

function turn(row: Float64Array, p: number, q: number, cosine: number, sine: number): void {
  const [x, y] = [row[p]!, row[q]!];
  row[p] = cosine * x - sine * y;
  row[q] = sine * x + cosine * y;
}
