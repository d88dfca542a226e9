//! Illegal programs that must not compile: one per file in `tests/compile_fail`, beside the words
//! of the compiler it is refused with.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const SKIP: &str = "SNAP_PORT_SKIP_COMPILE_FAIL";

/// Every program is refused, and for the reason its `.stderr` gives.
///
/// The words differ from one compiler to the next; those checked in are of the toolchain that CI
/// runs. With another compiler set `SNAP_PORT_SKIP_COMPILE_FAIL`. After a change to the programs or
/// to what they use, `TRYBUILD=overwrite cargo test --test compile_fail` writes the words anew: read
/// the difference, since a program may come to be refused for another reason than it should be.
#[test]
fn illegal_programs_do_not_compile() {
    if std::env::var_os(SKIP).is_some() {
        // `eprintln!` would be captured, and a skipped test shows nothing of what it printed.
        let _ = writeln!(
            io::stderr(),
            "\nSKIPPED: {SKIP} is set, so no illegal program was compiled; the words in \
             tests/compile_fail/*.stderr are of the toolchain that CI runs\n"
        );
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}

/// A program without its words would be taken for one that is still being written.
#[test]
fn every_program_has_its_words() {
    let programs = names("rs");
    assert!(programs.len() >= 25, "only {} programs", programs.len());
    let words = names("stderr");
    let alone: Vec<_> = programs.symmetric_difference(&words).collect();
    assert!(
        alone.is_empty(),
        "without its .rs or its .stderr: {alone:?}"
    );
    for name in programs {
        let words = fs::read_to_string(folder().join(&name).with_extension("stderr")).unwrap();
        assert!(words.contains("error"), "{name} is refused with no error");
        assert!(
            words.contains(&format!("tests/compile_fail/{name}.rs:")),
            "{name} has the words of another program"
        );
        let program = fs::read_to_string(folder().join(&name).with_extension("rs")).unwrap();
        assert!(
            program.starts_with("//! "),
            "{name} does not say what is illegal about it"
        );
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail")
}

/// The files of the folder that end in `ending`, without it.
fn names(ending: &str) -> BTreeSet<String> {
    fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect()
}
