#![no_main]

#[path = "../alter.rs"]
mod alter;
#[path = "../invariants/record.rs"]
mod record;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    record::check(data);
});

// Nearly every changed byte leaves no JSON, so half of the changes are made to the tree of the record.
libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let altered = alter::record(&data[..size], seed);
    match altered.filter(|bytes| bytes.len() <= max_size.min(data.len())) {
        Some(bytes) if seed.is_multiple_of(2) => {
            data[..bytes.len()].copy_from_slice(&bytes);
            bytes.len()
        }
        _ => libfuzzer_sys::fuzzer_mutate(data, size, max_size),
    }
});
