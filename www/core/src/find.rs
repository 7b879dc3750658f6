//! Bytes of a log and a few letters in, where the letters stand out: a fast first look before the exact one.

use memchr::memchr2_iter;

/// Letters from frequent to rare in English and in code; what is not here is rarer still.
const FREQUENT: &[u8] = b" etaoinsrhldcumfpgwybv";

/// Where `needle` stands in `bytes`, in upper or lower case of ASCII.
///
/// # Complexity
///
/// Linear, with a factor that grows with how frequent the rarest byte of `needle` is.
pub fn find_in_any_case<'a>(bytes: &'a [u8], needle: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let rarity = |byte: &u8| {
        let place = FREQUENT
            .iter()
            .position(|one| one.eq_ignore_ascii_case(byte));
        place.unwrap_or(FREQUENT.len())
    };
    let rarest = needle
        .iter()
        .enumerate()
        .max_by_key(|(_, byte)| rarity(byte));
    let (at, byte) = rarest.map_or((0, 0), |(at, byte)| (at, *byte));
    let (lower, upper) = (byte.to_ascii_lowercase(), byte.to_ascii_uppercase());
    memchr2_iter(lower, upper, bytes).filter_map(move |found| {
        let start = found.checked_sub(at)?;
        let there = bytes.get(start..start + needle.len())?;
        (!needle.is_empty() && there.eq_ignore_ascii_case(needle)).then_some(start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_cases_are_found() {
        let find = |needle: &str| {
            find_in_any_case(b"The answer IS 42, the Answer is x", needle.as_bytes())
                .collect::<Vec<_>>()
        };
        assert_eq!(find("answer is"), [4, 22]);
        assert_eq!(find("42,"), [14]);
        assert_eq!(find("zebra"), [0; 0]);
        assert_eq!(find(""), [0; 0]);
    }
}
