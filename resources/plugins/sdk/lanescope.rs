//! The read-stage interface of Lanescope, version 1, for plugins in Rust. ABI.md describes it byte by byte.
//!
//! Write `fn process(batch: &mut Batch) -> Result<(), &'static str>` and `lanescope_plugin!(process);`.
//! Nothing may be kept from one batch to the next: batches go to several instances, in any order.
//! Indices are checked; one that is outside ends the plugin.
#![allow(dead_code)]

use core::{ptr, slice};

pub const ABI: i32 = 1;
pub const UNCHANGED: u32 = u32::MAX;

/// What lies at the address that Lanescope hands over.
#[repr(C)]
pub struct Descriptor {
    abi: u32,
    size: u32,
    reads: u32,
    text_bytes: u32,
    text: *mut u8,
    name_starts: *const u32,
    name_lengths: *const u32,
    sequence_starts: *const u32,
    quality_starts: *const u32,
    lengths: *const u32,
    keep: *mut u8,
    trim_starts: *mut u32,
    trim_ends: *mut u32,
    new_name_starts: *mut u32,
    new_name_lengths: *mut u32,
    new_names: *mut u8,
    new_names_bytes: u32,
    parameters: *const u8,
    metrics: *mut f64,
    metric_slots: u32,
    read_metrics: *mut f32,
    read_metric_columns: u32,
    message: *mut u8,
    message_bytes: u32,
    first_record: u64,
    batch_number: u64,
    mate: u32,
    changes: u32,
    reserved: u64,
}

const _: () = assert!(core::mem::size_of::<Descriptor>() == 128);

/// A batch of reads.
pub struct Batch {
    at: &'static Descriptor,
    names_used: usize,
}

impl Batch {
    /// # Safety
    /// `at` is what Lanescope handed over, during that call.
    pub unsafe fn new(at: *const Descriptor) -> Batch {
        Batch { at: &*at, names_used: 0 }
    }

    pub fn reads(&self) -> usize {
        self.at.reads as usize
    }

    pub fn first_record(&self) -> u64 {
        self.at.first_record
    }

    /// 0 for single reads, 1 for the first of pairs, 2 for the second.
    pub fn mate(&self) -> u32 {
        self.at.mate
    }

    fn column(&self, column: *const u32, read: usize) -> usize {
        assert!(read < self.reads());
        unsafe { *column.add(read) as usize }
    }

    fn part(&self, start: usize, length: usize) -> &'static [u8] {
        unsafe { slice::from_raw_parts(self.at.text.add(start), length) }
    }

    pub fn name(&self, read: usize) -> &'static [u8] {
        self.part(self.column(self.at.name_starts, read), self.column(self.at.name_lengths, read))
    }

    pub fn bases(&self, read: usize) -> &'static [u8] {
        self.part(self.column(self.at.sequence_starts, read), self.column(self.at.lengths, read))
    }

    /// Phred + 33.
    pub fn qualities(&self, read: usize) -> &'static [u8] {
        self.part(self.column(self.at.quality_starts, read), self.column(self.at.lengths, read))
    }

    /// Changes one base in place; the manifest has to name `bases` among its changes.
    pub fn set_base(&mut self, read: usize, index: usize, base: u8) {
        assert!(index < self.column(self.at.lengths, read));
        unsafe { *self.at.text.add(self.column(self.at.sequence_starts, read) + index) = base }
    }

    /// Changes one quality in place; the manifest has to name `qualities` among its changes.
    pub fn set_quality(&mut self, read: usize, index: usize, quality: u8) {
        assert!(index < self.column(self.at.lengths, read));
        unsafe { *self.at.text.add(self.column(self.at.quality_starts, read) + index) = quality }
    }

    pub fn is_kept(&self, read: usize) -> bool {
        assert!(read < self.reads());
        unsafe { *self.at.keep.add(read) != 0 }
    }

    pub fn drop(&mut self, read: usize) {
        assert!(read < self.reads());
        unsafe { *self.at.keep.add(read) = 0 }
    }

    /// Keeps the bases from `start` up to `end`, counted from the read as it came.
    pub fn trim(&mut self, read: usize, start: usize, end: usize) {
        assert!(start <= end && end <= self.column(self.at.lengths, read));
        unsafe {
            *self.at.trim_starts.add(read) = start as u32;
            *self.at.trim_ends.add(read) = end as u32;
        }
    }

    /// Gives a read a new name, put together of parts; the manifest has to name `names` among its changes.
    pub fn rename(&mut self, read: usize, parts: &[&[u8]]) {
        assert!(read < self.reads() && !self.at.new_names.is_null());
        let start = self.names_used;
        for part in parts {
            assert!(self.names_used + part.len() <= self.at.new_names_bytes as usize);
            unsafe { ptr::copy_nonoverlapping(part.as_ptr(), self.at.new_names.add(self.names_used), part.len()) }
            self.names_used += part.len();
        }
        unsafe {
            *self.at.new_name_starts.add(read) = start as u32;
            *self.at.new_name_lengths.add(read) = (self.names_used - start) as u32;
        }
    }

    /// A parameter of the type integer, boolean (0 or 1) or choice (its place among the choices).
    pub fn integer(&self, parameter: usize) -> i64 {
        unsafe { ptr::read_unaligned(self.at.parameters.add(8 * parameter) as *const i64) }
    }

    /// A parameter of the type number.
    pub fn number(&self, parameter: usize) -> f64 {
        unsafe { ptr::read_unaligned(self.at.parameters.add(8 * parameter) as *const f64) }
    }

    /// A parameter of the type text, UTF-8.
    pub fn text(&self, parameter: usize) -> &'static [u8] {
        unsafe {
            let slot = self.at.parameters.add(8 * parameter) as *const u32;
            slice::from_raw_parts(self.at.parameters.add(*slot as usize), *slot.add(1) as usize)
        }
    }

    /// Sets a number of the batch; slots are in the manifest's order, bins of histograms one after another.
    pub fn set_metric(&mut self, slot: usize, value: f64) {
        assert!(slot < self.at.metric_slots as usize);
        unsafe { *self.at.metrics.add(slot) = value }
    }

    pub fn metric(&self, slot: usize) -> f64 {
        assert!(slot < self.at.metric_slots as usize);
        unsafe { *self.at.metrics.add(slot) }
    }

    /// Sets a number of a read; columns are in the manifest's order of its `per_read` metrics.
    pub fn set_read_metric(&mut self, column: usize, read: usize, value: f32) {
        assert!(column < self.at.read_metric_columns as usize && read < self.reads());
        unsafe { *self.at.read_metrics.add(column * self.reads() + read) = value }
    }

    /// Says why `process` fails.
    pub fn complain(&mut self, reason: &str) {
        let length = reason.len().min(self.at.message_bytes as usize - 1);
        unsafe {
            ptr::copy_nonoverlapping(reason.as_ptr(), self.at.message, length);
            *self.at.message.add(length) = 0;
        }
    }
}

/// One region at a time, from the end of the module's own data on.
pub fn reserve(bytes: u32) -> u32 {
    extern "C" {
        static __heap_base: u8;
    }
    let start = (unsafe { ptr::addr_of!(__heap_base) } as u64 + 63) & !63;
    let wanted = (start + u64::from(bytes) + 65535) >> 16;
    let have = core::arch::wasm32::memory_size(0) as u64;
    if wanted > 65536 {
        return 0;
    }
    if wanted > have && core::arch::wasm32::memory_grow(0, (wanted - have) as usize) == usize::MAX {
        return 0;
    }
    start as u32
}

macro_rules! lanescope_plugin {
    ($process:path) => {
        #[no_mangle]
        pub extern "C" fn lanescope_abi() -> i32 {
            $crate::lanescope::ABI
        }

        #[no_mangle]
        pub extern "C" fn lanescope_reserve(bytes: u32) -> u32 {
            $crate::lanescope::reserve(bytes)
        }

        #[no_mangle]
        pub unsafe extern "C" fn lanescope_process(at: *const $crate::lanescope::Descriptor) -> i32 {
            let mut batch = $crate::lanescope::Batch::new(at);
            match $process(&mut batch) {
                Ok(()) => 0,
                Err(reason) => {
                    batch.complain(reason);
                    1
                }
            }
        }

        #[panic_handler]
        fn panic(_: &core::panic::PanicInfo) -> ! {
            core::arch::wasm32::unreachable()
        }
    };
}
