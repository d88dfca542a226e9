//! What the fuzz targets hold to holds for the kept inputs, and for the golden records, also with
//! the changes that the fuzzer makes to records. How to run the targets: `tests/fuzz/README.md`.

#[path = "fuzz/alter.rs"]
mod alter;
#[path = "fuzz/invariants/list.rs"]
mod list;
#[path = "fuzz/invariants/record.rs"]
mod record;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

/// Runs every file of `folder` through `check`; how many were read, and how many refused.
fn run(folder: &str, check: fn(&[u8]) -> bool) -> (usize, usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let (mut read, mut refused) = (0, 0);
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        match catch_unwind(|| check(&bytes)) {
            Ok(true) => read += 1,
            Ok(false) => refused += 1,
            Err(_) => panic!("{} breaks a rule", path.display()),
        }
    }
    (read, refused)
}

#[test]
fn lists_of_numbers() {
    let (read, refused) = run("fuzz/corpus/list", list::check);
    assert!(read > 10 && refused > 20, "{read} read, {refused} refused");
}

#[test]
fn records() {
    let (read, refused) = run("fuzz/corpus/record", record::check);
    assert!(read > 20 && refused > 40, "{read} read, {refused} refused");
}

#[test]
fn golden_records() {
    let (read, refused) = run("golden/v1", record::check);
    assert!(read > 20 && refused == 0, "{read} read, {refused} refused");
}

#[test]
fn golden_records_with_changes() {
    let changed = |record: &[u8]| {
        let altered = (0..20).filter_map(|seed| alter::record(record, seed));
        altered.filter(|record| record::check(record)).count() > 0
    };
    let (read, refused) = run("golden/v1", changed);
    assert!(read > 20, "{read} read, {refused} refused");
}
