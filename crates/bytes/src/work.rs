//! A count of the steps of the scanner, for the tests that show it is linear: they assert on
//! counted work, not on time. Nothing is counted in a release.

/// Counts `steps`.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub const fn count_work(_steps: usize) {}

#[cfg(debug_assertions)]
thread_local! {
    static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts `steps`.
#[cfg(debug_assertions)]
pub fn count_work(steps: usize) {
    WORK.set(WORK.get() + steps);
}

/// The steps that this thread has counted since the last call.
#[cfg(debug_assertions)]
#[must_use]
pub fn take_work() -> usize {
    WORK.take()
}
