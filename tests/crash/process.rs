//! Processes, and what they print.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use super::guard::Guard;

/// The longest that anything which must come is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

const SIGKILL: i32 = 9;

/// A process that is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Process<'a> {
    guard: &'a Guard,
    number: u32,
    child: Mutex<Child>,
    ended: OnceLock<ExitStatus>,
    output: Arc<Output>,
}

/// What a process has printed on standard output, line by line.
#[derive(Debug, Default)]
pub(crate) struct Output {
    so_far: Mutex<SoFar>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct SoFar {
    lines: Vec<String>,
    ended: bool,
}

impl<'a> Process<'a> {
    /// Starts `command`; what it says on standard error goes to the file `errors`.
    pub(crate) fn start(guard: &'a Guard, command: &mut Command, errors: &str) -> Self {
        let errors = OpenOptions::new()
            .create(true)
            .append(true)
            .open(guard.file(errors))
            .expect("a file in the guard's folder");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("the program is there");
        guard.began(child.id());
        let output = Arc::new(Output::default());
        let printed = child.stdout.take().expect("its output is a pipe");
        let heard = Arc::clone(&output);
        thread::spawn(move || heard.read(BufReader::new(printed)));
        Self {
            guard,
            number: child.id(),
            child: Mutex::new(child),
            ended: OnceLock::new(),
            output,
        }
    }

    pub(crate) fn output(&self) -> &Output {
        &self.output
    }

    /// Ends it with SIGKILL, unless it has ended; everything it printed is there afterwards.
    pub(crate) fn kill(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have ended by itself.
        let _ = child.kill();
        let status = child.wait().expect("nobody else waits for it");
        self.guard.ended(self.number);
        drop(child);
        self.ended.get_or_init(|| status);
        self.output
            .wait(PATIENCE, |lines| lines.ended.then_some(()));
    }
}

impl Process<'_> {
    /// Whether SIGKILL ended it.
    pub(crate) fn was_killed(&self) -> bool {
        let status = self.ended.get();
        status.and_then(|status| status.signal()) == Some(SIGKILL)
    }
}

impl Drop for Process<'_> {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The lines of a process, as far as they have come.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    pub(crate) lines: &'a [String],
    /// Nothing comes after them.
    pub(crate) ended: bool,
}

impl Lines<'_> {
    /// What stands after `word` in the last line that begins with it.
    pub(crate) fn after(&self, word: &str) -> Option<String> {
        let mut lines = self.lines.iter().rev();
        lines.find_map(|line| line.strip_prefix(word).map(str::to_owned))
    }
}

impl Output {
    fn read(&self, mut printed: BufReader<impl std::io::Read>) {
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = printed.read_until(b'\n', &mut line);
            // Half a line says nothing.
            let whole = read.is_ok() && line.pop() == Some(b'\n');
            let mut so_far = self.lock();
            if whole {
                so_far
                    .lines
                    .push(String::from_utf8_lossy(&line).into_owned());
            } else {
                so_far.ended = true;
            }
            drop(so_far);
            self.more.notify_all();
            if !whole {
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, SoFar> {
        // The lines are whole at every moment.
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `look` finds in the lines, now.
    pub(crate) fn now<T>(&self, look: impl Fn(&Lines<'_>) -> T) -> T {
        let so_far = self.lock();
        look(&Lines {
            lines: &so_far.lines,
            ended: so_far.ended,
        })
    }

    /// What `look` finds in the lines, as soon as it does; `None` after `patience`.
    pub(crate) fn wait<T>(
        &self,
        patience: Duration,
        look: impl Fn(&Lines<'_>) -> Option<T>,
    ) -> Option<T> {
        let mut found = None;
        let waited = self
            .more
            .wait_timeout_while(self.lock(), patience, |so_far| {
                found = look(&Lines {
                    lines: &so_far.lines,
                    ended: so_far.ended,
                });
                found.is_none()
            });
        drop(waited);
        found
    }

    /// Waits for another line than the `seen` first ones, but no longer than `patience`.
    pub(crate) fn wait_for_more(&self, seen: usize, patience: Duration) -> usize {
        self.wait(patience, |lines| {
            (lines.ended || lines.lines.len() > seen).then_some(())
        });
        self.now(|lines| lines.lines.len())
    }
}

/// The last of what was written to an error file, for a test that fails.
pub(crate) fn tail(guard: &Guard, errors: &str) -> String {
    let Ok(file) = File::open(guard.file(errors)) else {
        return String::new();
    };
    let lines: Vec<String> = BufReader::new(file).lines().map_while(Result::ok).collect();
    let last = lines.len().saturating_sub(30);
    lines[last..].join("\n")
}
