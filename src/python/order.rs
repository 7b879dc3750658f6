//! Keys in order, for what is looked up and what must stand once. The standard library's map would
//! be twice as much code, and its sorting ten times; its heap is small.

use std::collections::BinaryHeap;

/// A key, and where it stands.
pub(crate) type Place = (Vec<u8>, usize);

/// The places by their keys, and by where they are where the keys are equal.
#[inline(never)]
pub(crate) fn sort(places: Vec<Place>) -> Vec<Place> {
    BinaryHeap::from(places).into_sorted_vec()
}

/// The last place of a key in places that are sorted.
pub(crate) fn last(sorted: &[Place], key: &[u8]) -> Option<usize> {
    let behind = sorted.partition_point(|(other, _)| other.as_slice() <= key);
    let (found, place) = sorted.get(behind.checked_sub(1)?)?;
    (found == key).then_some(*place)
}
