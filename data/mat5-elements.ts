import { BadInput } from "../pipeline/errors.ts";
import type { Numbers } from "./numbers.ts";

/** Types of elements that are not plain numbers. */
export const elementType = { matrix: 14, compressed: 15, utf8: 16, utf32: 18 };

interface NumberType {
  /** What the numbers are read into; of the same element size as in the file. */
  readonly into: { new (length: number): Numbers; readonly BYTES_PER_ELEMENT: number };
  get(view: DataView, offset: number, little: boolean): number;
}

/** How the numbers of an element are stored, by its type; units of text count as numbers. */
const numberTypes: Readonly<Record<number, NumberType>> = {
  1: { into: Int8Array, get: (view, offset) => view.getInt8(offset) },
  2: { into: Uint8Array, get: (view, offset) => view.getUint8(offset) },
  3: { into: Int16Array, get: (view, offset, little) => view.getInt16(offset, little) },
  4: { into: Uint16Array, get: (view, offset, little) => view.getUint16(offset, little) },
  5: { into: Int32Array, get: (view, offset, little) => view.getInt32(offset, little) },
  6: { into: Uint32Array, get: (view, offset, little) => view.getUint32(offset, little) },
  7: { into: Float32Array, get: (view, offset, little) => view.getFloat32(offset, little) },
  9: { into: Float64Array, get: (view, offset, little) => view.getFloat64(offset, little) },
  12: { into: Float64Array, get: (view, offset, little) => Number(view.getBigInt64(offset, little)) },
  13: { into: Float64Array, get: (view, offset, little) => Number(view.getBigUint64(offset, little)) },
  17: { into: Uint16Array, get: (view, offset, little) => view.getUint16(offset, little) },
  18: { into: Uint32Array, get: (view, offset, little) => view.getUint32(offset, little) },
};

export interface MatElement {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/**
 * The data elements of a MAT-file, or of one of its elements, one after another. Every length is checked against
 * the bytes there are before anything is made of it.
 */
export class MatElements {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #place: string;
  #position: number;

  /**
   * @param place what the bytes belong to, for error messages: "rec.mat", "variable a of rec.mat"
   * @param start where the first element begins
   */
  constructor(bytes: Uint8Array, little: boolean, place: string, start = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = little;
    this.#place = place;
    this.#position = start;
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /** The elements within an element of these. */
  within({ bytes }: MatElement): MatElements {
    return new MatElements(bytes, this.#little, this.#place);
  }

  /**
   * The next element: a tag of two words, type and length, then that many bytes, padded to a multiple of eight.
   * If the first word's upper half is not zero, that is the length, and the bytes stand in the second word.
   */
  next(): MatElement {
    const start = this.#position;
    if (this.#bytes.length - start < 8) throw this.damaged("it ends where more should follow");
    const word = this.#view.getUint32(start, this.#little);
    const isSmall = word >= 2 ** 16;
    const type = isSmall ? word & 0xffff : word;
    const length = isSmall ? word >>> 16 : this.#view.getUint32(start + 4, this.#little);
    const from = isSmall ? start + 4 : start + 8;
    const room = isSmall ? 4 : this.#bytes.length - from;
    if (length > room) throw this.damaged(`an element claims ${length} bytes where there are ${room}`);
    const end = from + length;
    // Only a compressed element is followed by the next one at once.
    this.#position = type === elementType.compressed ? end : Math.ceil((end - start) / 8) * 8 + start;
    return { type, bytes: this.#bytes.subarray(from, from + length) };
  }

  /** The numbers of the next element, in the type they are stored in; 64-bit integers as float64. */
  numbers(what: string): Numbers {
    return this.#numbersOf(this.next(), what);
  }

  /** The next element as text; what is no text becomes replacement characters. */
  text(what: string): string {
    const element = this.next();
    if (element.type === elementType.utf8) return new TextDecoder().decode(element.bytes);
    const units = this.#numbersOf(element, what);
    const isUtf32 = element.type === elementType.utf32;
    let text = "";
    for (let begin = 0; begin < units.length; begin += 4096) {
      const some = Array.from(units.subarray(begin, begin + 4096));
      text += isUtf32
        ? String.fromCodePoint(...some.map((point) => (point <= 0x10ffff ? point : 0xfffd)))
        : String.fromCharCode(...some);
    }
    return text;
  }

  #numbersOf({ type, bytes }: MatElement, what: string): Numbers {
    const stored = numberTypes[type];
    if (!stored) throw this.damaged(`its ${what} are of unknown type ${type}`);
    const { into, get } = stored;
    if (bytes.length % into.BYTES_PER_ELEMENT) throw this.damaged(`its ${what} end within a number`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const numbers = new into(bytes.length / into.BYTES_PER_ELEMENT);
    for (let index = 0; index < numbers.length; index++) {
      numbers[index] = get(view, index * into.BYTES_PER_ELEMENT, this.#little);
    }
    return numbers;
  }

  /** To be thrown where the bytes contradict themselves. */
  damaged(why: string): BadInput {
    return new BadInput(`${this.#place} is damaged or cut short (${why}); copy it anew or save it again`);
  }
}
