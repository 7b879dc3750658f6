// What kind of built-in a value is, by its internal slots: a name or a tag can be made up, a slot cannot.
// In: any value. Out: booleans.

const getSlot = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;

/** Whether `read` accepts the value as its receiver. */
const accepts = (read) => (value) => {
  try {
    read.call(value);
    return true;
  } catch {
    return false;
  }
};

const TypedArray = Object.getPrototypeOf(Uint8Array);

export const isSet = accepts(getSlot(Set.prototype, 'size'));
export const isMap = accepts(getSlot(Map.prototype, 'size'));
export const isDate = accepts(Date.prototype.getTime);
export const isArrayBuffer = accepts(getSlot(ArrayBuffer.prototype, 'byteLength'));
export const isDataView = accepts(getSlot(DataView.prototype, 'byteLength'));
export const isWeakSet = (value) => accepts(() => WeakSet.prototype.has.call(value, {}))(value);
export const isWeakMap = (value) => accepts(() => WeakMap.prototype.has.call(value, {}))(value);
const readTypedArrayName = getSlot(TypedArray.prototype, Symbol.toStringTag);
export const isTypedArray = (value) => readTypedArrayName.call(value) !== undefined;

const readBrand = Object.prototype.toString;
/** Without a tag of its own, a value shows its class to `Object.prototype.toString`. */
const hasBrand = (brand) => (value) =>
  !(Symbol.toStringTag in value) && readBrand.call(value) === `[object ${brand}]`;

export const isError = (value) => value instanceof Error || hasBrand('Error')(value);
export const isRegExp = hasBrand('RegExp');
export const isArguments = hasBrand('Arguments');
export const isPromise = (value) => value instanceof Promise;
export const isMapIterator = (value) => value[Symbol.toStringTag] === 'Map Iterator';
export const isSetIterator = (value) => value[Symbol.toStringTag] === 'Set Iterator';

const PRIMITIVES = [
  ['Number', accepts(Number.prototype.valueOf), Number.prototype.valueOf],
  ['String', accepts(String.prototype.valueOf), String.prototype.valueOf],
  ['Boolean', accepts(Boolean.prototype.valueOf), Boolean.prototype.valueOf],
  ['BigInt', accepts(BigInt.prototype.valueOf), BigInt.prototype.valueOf],
  ['Symbol', accepts(Symbol.prototype.valueOf), Symbol.prototype.valueOf],
];

/** The name and value of a boxed primitive, or undefined. */
export function unboxPrimitive(value) {
  for (const [name, matches, unbox] of PRIMITIVES) {
    if (matches(value)) return { name, value: unbox.call(value) };
  }
  return undefined;
}
