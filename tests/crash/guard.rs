//! What a run starts ends with it, however it ends.

use std::fs;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// A folder, and a shell that waits at the other end of a pipe: when the pipe is closed, also
/// because this process was killed, it kills whoever began and has not ended, and removes the
/// folder.
#[derive(Debug)]
pub(crate) struct Guard {
    folder: PathBuf,
    shell: Mutex<Child>,
}

const SHELL: &str = r#"
    trap '' HUP INT TERM
    while read -r word process; do
        rest=
        for one in $alive; do
            [ "$one" = "$process" ] || rest="$rest $one"
        done
        case $word in
            began) alive="$rest $process" ;;
            ended) alive=$rest ;;
        esac
    done
    [ -z "$alive" ] || kill -KILL $alive
    rm -rf "$1"
"#;

impl Guard {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("crash-{}-{next}", process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // A process of that number may have left one behind.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a new folder in the target directory");
        let shell = Command::new("/bin/sh")
            .args(["-c", SHELL, "guard"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("there is a shell");
        Self {
            folder,
            shell: Mutex::new(shell),
        }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn began(&self, process: u32) {
        self.tell("began", process);
    }

    pub(crate) fn ended(&self, process: u32) {
        self.tell("ended", process);
    }

    fn tell(&self, word: &str, process: u32) {
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pipe) = &mut shell.stdin {
            writeln!(pipe, "{word} {process}").expect("the shell reads until the pipe is closed");
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        drop(shell.stdin.take());
        // A shell that is gone has nothing left to do.
        let _ = shell.wait();
    }
}
