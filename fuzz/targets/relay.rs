#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| talking_point_fuzz::relay::run(input));
