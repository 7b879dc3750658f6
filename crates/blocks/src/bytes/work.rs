//! A count of the steps of the scanner, for the tests that show it is linear: they assert on
//! counted work, not on time. Outside of tests nothing is counted.

/// Counts `steps`.
#[cfg(not(test))]
#[inline(always)]
pub(crate) const fn count_work(_steps: usize) {}

#[cfg(test)]
thread_local! {
    static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts `steps`.
#[cfg(test)]
pub(crate) fn count_work(steps: usize) {
    WORK.set(WORK.get() + steps);
}

/// The steps that this thread has counted since the last call.
#[cfg(test)]
#[must_use]
pub(crate) fn take_work() -> usize {
    WORK.take()
}
