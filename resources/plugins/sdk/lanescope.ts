// The read-stage interface of Lanescope, version 1, for plugins in AssemblyScript. ABI.md describes it byte by byte.
//
//     import { Batch } from "./lanescope";
//     export { lanescope_abi, lanescope_reserve } from "./lanescope";
//     export function lanescope_process(at: usize): i32 {
//       const batch = changetype<Batch>(at);
//       for (let read: u32 = 0; read < batch.reads; read++) { ... }
//       return 0;
//     }
//
// Compile with: asc plugin.ts -O3 --noAssert --runtime stub --use abort= --enable simd -o plugin.wasm
// Nothing may be kept from one batch to the next: batches go to several instances, in any order.

export function lanescope_abi(): i32 {
  return 1;
}

let region: usize = 0;
let regionBytes: u32 = 0;

export function lanescope_reserve(bytes: u32): usize {
  // 64 KiB are left for what the plugin itself makes.
  if (bytes > regionBytes) {
    const start = (__heap_base + 65536 + 63) & ~63;
    const wanted = i32((u64(start) + u64(bytes) + 65535) >> 16);
    const have = memory.size();
    if (wanted > have && memory.grow(wanted - have) < 0) return 0;
    region = start;
    regionBytes = bytes;
  }
  return region;
}

@unmanaged
export class Batch {
  abi: u32;
  size: u32;
  reads: u32;
  textBytes: u32;
  text: usize;
  nameStarts: usize;
  nameLengths: usize;
  sequenceStarts: usize;
  qualityStarts: usize;
  lengths: usize;
  keep: usize;
  trimStarts: usize;
  trimEnds: usize;
  newNameStarts: usize;
  newNameLengths: usize;
  newNames: usize;
  newNamesBytes: u32;
  parameters: usize;
  metrics: usize;
  metricSlots: u32;
  readMetrics: usize;
  readMetricColumns: u32;
  message: usize;
  messageBytes: u32;
  firstRecord: u64;
  batchNumber: u64;
  mate: u32;
  changes: u32;
  reserved: u64;

  @inline length(read: u32): u32 {
    return load<u32>(this.lengths + (read << 2));
  }

  /** Address of a read's first base. */
  @inline bases(read: u32): usize {
    return this.text + load<u32>(this.sequenceStarts + (read << 2));
  }

  /** Address of a read's first quality, Phred + 33. */
  @inline qualities(read: u32): usize {
    return this.text + load<u32>(this.qualityStarts + (read << 2));
  }

  @inline isKept(read: u32): bool {
    return load<u8>(this.keep + read) != 0;
  }

  @inline drop(read: u32): void {
    store<u8>(this.keep + read, 0);
  }

  /** Keeps the bases from start up to end, counted from the read as it came. */
  @inline trim(read: u32, start: u32, end: u32): void {
    store<u32>(this.trimStarts + (read << 2), start);
    store<u32>(this.trimEnds + (read << 2), end);
  }

  /** A parameter of the type integer, boolean (0 or 1) or choice (its place among the choices). */
  @inline integer(parameter: u32): i64 {
    return load<i64>(this.parameters + (parameter << 3));
  }

  /** A parameter of the type number. */
  @inline number(parameter: u32): f64 {
    return load<f64>(this.parameters + (parameter << 3));
  }

  @inline setMetric(slot: u32, value: f64): void {
    store<f64>(this.metrics + (slot << 3), value);
  }

  @inline setReadMetric(column: u32, read: u32, value: f32): void {
    store<f32>(this.readMetrics + ((column * this.reads + read) << 2), value);
  }
}
