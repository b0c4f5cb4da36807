//! Drops reads whose mean quality is below a threshold. Change it into what you need.
#![no_std]

#[macro_use]
#[path = "lanescope.rs"]
mod lanescope;

use lanescope::Batch;

fn process(batch: &mut Batch) -> Result<(), &'static str> {
    let least = batch.number(0);
    let mut dropped = 0.0;
    for read in 0..batch.reads() {
        if !batch.is_kept(read) {
            continue;
        }
        let qualities = batch.qualities(read);
        let sum: u32 = qualities.iter().map(|&quality| u32::from(quality)).sum();
        let mean = if qualities.is_empty() { 0.0 } else { f64::from(sum) / qualities.len() as f64 - 33.0 };
        batch.set_read_metric(0, read, mean as f32);
        if mean < least {
            batch.drop(read);
            dropped += 1.0;
        }
    }
    batch.set_metric(0, dropped);
    Ok(())
}

lanescope_plugin!(process);
