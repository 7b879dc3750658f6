//! Constructs that `CommonMark` does not have: what models write, for the repairs of
//! `fencerun-blocks`.

pub mod brace_tag;
pub mod glued_opening;
pub mod one_line;
pub mod tag;

use fencerun_bytes::line::count_run;
use fencerun_bytes::search::find;
use fencerun_bytes::work::count_work;

/// The runs of three or more `marker`s in `line`, as pairs of where they start and end.
pub fn find_runs(line: &[u8], marker: u8) -> impl Iterator<Item = (usize, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + find(marker, line.get(from..)?)?;
            let end = start + count_run(line.get(start..)?, marker);
            count_work(end - from);
            from = end;
            if end - start >= 3 {
                return Some((start, end));
            }
        }
    })
}
