/** The data of each record in a batch; throws where the framing is not what it must be. */
export function* records(bytes: Uint8Array): Generator<{ data: DataView; second: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  while (position < bytes.byteLength) {
    const length = view.getUint32(position, true);
    if (length >= 2 ** 30) throw new Error(`a record is marked as busy or discarded: ${length}`);
    yield {
      data: new DataView(bytes.buffer, bytes.byteOffset + position + 8, length),
      second: view.getUint32(position + 4, true),
    };
    position += 8 + Math.ceil(length / 8) * 8;
  }
  if (position !== bytes.byteLength) throw new Error('a record reaches beyond its batch');
}
