// Drops reads whose mean quality is below a threshold. Change it into what you need.
import { Batch } from "./lanescope";
export { lanescope_abi, lanescope_reserve } from "./lanescope";

export function lanescope_process(at: usize): i32 {
  const batch = changetype<Batch>(at);
  const least = batch.number(0);
  let dropped: u32 = 0;
  for (let read: u32 = 0; read < batch.reads; read++) {
    if (!batch.isKept(read)) continue;
    const length = batch.length(read), qualities = batch.qualities(read);
    let sum: u32 = 0;
    for (let cycle: u32 = 0; cycle < length; cycle++) sum += load<u8>(qualities + cycle);
    const mean = length ? f64(sum) / f64(length) - 33.0 : 0.0;
    batch.setReadMetric(0, read, f32(mean));
    if (mean < least) {
      batch.drop(read);
      dropped++;
    }
  }
  batch.setMetric(0, f64(dropped));
  return 0;
}
