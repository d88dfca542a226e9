//! The programs of the examples, which `cargo test` builds beside this one.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;
use std::time::SystemTime;

const NAMES: [&str; 2] = ["fake_twilio", "port_desk"];

/// Where the program of an example is. `cargo test --test crash` builds no examples: those that are
/// not there, or older than what they are made of, are built now.
pub(crate) fn path(name: &str) -> PathBuf {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        if !NAMES.iter().all(|name| is_fresh(&place(name))) {
            build();
        }
    });
    place(name)
}

fn place(name: &str) -> PathBuf {
    let this = env::current_exe().expect("this program is somewhere");
    let built = this.parent().and_then(Path::parent);
    let built = built.expect("it is in `deps`, in the directory of its profile");
    built
        .join("examples")
        .join(name)
        .with_extension(env::consts::EXE_EXTENSION)
}

/// Whether the program is there and no file that cargo lists beside it is newer.
fn is_fresh(program: &Path) -> bool {
    let Some(built) = changed(program) else {
        return false;
    };
    let Ok(listed) = fs::read_to_string(program.with_extension("d")) else {
        return false;
    };
    let files = listed.split_once(':').map_or("", |(_, files)| files);
    let mut files = files.split_whitespace();
    files.all(|file| changed(Path::new(file)).is_some_and(|changed| changed <= built))
}

fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).ok()?.modified().ok()
}

fn build() {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("build");
    for name in NAMES {
        command.args(["--example", name]);
    }
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let built = command.status().expect("cargo runs");
    assert!(built.success(), "cargo build --example ...: {built}");
}
