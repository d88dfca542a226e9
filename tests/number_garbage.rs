//! Ten megabytes of garbage get a clear answer, in bounded time and memory.
//!
//! Alone in its file, since it looks at the memory of the whole process. No time is asserted: work
//! that grew with the square of the length would take hours, and be seen.

use snap_port::{ListError, ListProblem, NumberList, Region};

type Reader = fn(&str, Option<Region>) -> Result<NumberList, ListError>;

/// The most memory the process ever had, in KiB, where the system tells.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn ten_megabytes_of_garbage_get_a_clear_answer() {
    let fits = |unit: &str| unit.repeat(NumberList::MAX_BYTES / unit.len());
    for (text, problem) in [
        (fits("x"), ListProblem::BadLines),
        (fits("1"), ListProblem::BadLines),
        (fits("\""), ListProblem::BadLines),
        (fits(" \n"), ListProblem::Empty),
        (fits("\r\n"), ListProblem::Empty),
        (fits("é\n"), ListProblem::TooManyNumbers),
        (fits("1,"), ListProblem::TooManyNumbers),
        (fits("\"1\n\","), ListProblem::TooManyNumbers),
        (
            fits(&format!("{}\n", "+1 4 ".repeat(40))),
            ListProblem::BadLines,
        ),
        (
            fits(&format!("+1 {}\n", "x ".repeat(100))),
            ListProblem::BadLines,
        ),
        (
            fits(&format!("{}\n", "1.4155552671E+10 ".repeat(6))),
            ListProblem::BadLines,
        ),
        (
            "1".repeat(NumberList::MAX_BYTES + 1),
            ListProblem::TooManyBytes,
        ),
    ] {
        for read in [NumberList::parse as Reader, NumberList::from_csv as Reader] {
            let before = peak();
            let Err(error) = read(&text, Some(Region::US)) else {
                panic!("garbage was read");
            };
            let start: String = text.chars().take(10).collect();
            if let (Some(before), Some(after)) = (before, peak()) {
                // A row of five million cells takes most: their ends are noted.
                let grown = after - before;
                assert!(grown < 200 * 1024, "{start:?}: {grown} KiB");
            }
            assert!(error.lines().len() <= NumberList::MAX_REPORTED);
            assert!(error.to_string().len() < 2_000);
            let answered = error.problem();
            // A CSV counts rows, so only some of these have too many.
            assert!(
                answered == problem || answered == ListProblem::BadLines,
                "{start:?}: {answered:?}"
            );
        }
    }
}
