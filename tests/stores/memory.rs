//! The store in memory.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use snap_port::MemoryStore;
use snap_port::testing::conformance::InTurns;

snap_port::store_conformance!(promises, || async { MemoryStore::new() });

// By way of a shared pointer, and on an executor: what most programs do.
snap_port::store_conformance!(
    shared,
    || async { Arc::new(MemoryStore::new()) },
    on: |test| tokio::runtime::Runtime::new().unwrap().block_on(test)
);

snap_port::store_conformance!(handles, || async {
    let store = Arc::new(MemoryStore::new());
    InTurns::new(store.clone(), store)
});

#[test]
fn no_promise_is_left_out_of_the_suite() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/testing/conformance");
    let read = |file: &Path| fs::read_to_string(file).unwrap();
    let listed = read(&folder.join("mod.rs"));
    let (_, listed) = listed.split_once("{ @tests $fresh, $block_on;").unwrap();
    let listed: Vec<_> = listed
        .split_once('}')
        .unwrap()
        .0
        .split_whitespace()
        .collect();
    let mut written = 0;
    for file in fs::read_dir(folder).unwrap() {
        for line in read(&file.unwrap().path()).lines() {
            let Some(rest) = line.strip_prefix("pub async fn ") else {
                continue;
            };
            let name = rest.split_once('(').unwrap().0;
            assert!(listed.contains(&name), "{name} is in no list");
            written += 1;
        }
    }
    assert_eq!(listed.len(), written);
}
