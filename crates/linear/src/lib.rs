//! Counts the instructions of functions, for tests that twice the input is twice the work. Counts do
//! not depend on how busy the machine is.
//!
//! Each count is a run of the calling test, in a process of its own under valgrind's callgrind.

use std::{env, process::Command, thread};

/// The case that a process under valgrind runs, and its size.
const ASKED: &str = "REELROOM_COUNTED";

/// The most that the work may grow where the size doubles. Above 2, since buffers grow by steps.
const MOST: f64 = 2.5;

/// A parser or renderer at work on an input of about so many bytes, which it makes itself.
pub type Case = (&'static str, fn(usize));

/// Asserts that each case takes at most 2.5 times the instructions for twice `size`. Has to be called
/// first by a test that does nothing else.
///
/// Without valgrind it counts nothing, and says so on standard error.
///
/// # Panics
///
/// Where the work of a case grows faster, and where a count fails.
pub fn assert_linear(size: usize, cases: &[Case]) {
    if let Ok(variable) = env::var(ASKED) {
        let (name, size) = variable.rsplit_once(' ').expect("a case and a size");
        if let Some((_, work)) = cases.iter().find(|(case, _)| *case == name) {
            work(size.parse().expect("a size"));
        }
        return;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("NOT COUNTED: valgrind is not installed");
        return;
    }
    // The instructions of the process without the work.
    let start = instructions("none", 0);
    let mut over = Vec::new();
    for (name, _) in cases {
        let [once, twice] = [size, 2 * size].map(|size| instructions(name, size) - start);
        assert!(once > 10_000.0, "{name} does nothing");
        let ratio = twice / once;
        eprintln!("{ratio:6.2}  {once:>12}  {name}");
        if ratio > MOST {
            over.push(name);
        }
    }
    assert!(over.is_empty(), "more than twice the work: {over:?}");
}

fn instructions(case: &str, size: usize) -> f64 {
    // The name of the thread is that of the test.
    let test = thread::current().name().expect("a test").to_owned();
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("this test"))
        .args([test.as_str(), "--exact", "--include-ignored"])
        .env(ASKED, format!("{case} {size}"))
        .output()
        .expect("valgrind");
    let output = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{case}: {output}");
    output
        .lines()
        .find_map(|line| line.split_once("Collected : "))
        .and_then(|(_, count)| count.trim().parse().ok())
        .unwrap_or_else(|| panic!("{case}: {output}"))
}
