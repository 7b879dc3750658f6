//! Floating-point numbers and their decimal digits.
//!
//! The nearest number and the shortest digits are those of the JavaScript engine, where there is one: the standard library has
//! both, but twenty kilobytes of it, as with its tables it is made for speed.

use super::big::Big;
use super::text::{text_from, text_to};

#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub(super) use crate::wasm::number::{nearest, shortest};

/// The number nearest to the decimal number that a text is, digits with or without a sign, a point and an exponent; between
/// two, the even one; infinite where it is too large.
#[cfg(not(all(target_arch = "wasm32", feature = "js")))]
pub(super) fn nearest(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// The fewest digits that read back as the same number, and of those the nearest to it, with an exponent: `1.5e-3`. Between two
/// that are equally near, it is the even one, where the standard library takes the larger. The number is finite.
#[cfg(not(all(target_arch = "wasm32", feature = "js")))]
pub(super) fn shortest(value: f64) -> String {
    let shortest = format!("{value:e}");
    let digits = shortest.bytes().take_while(|&byte| byte != b'e');
    let decimals = digits.filter(u8::is_ascii_digit).count() - 1;
    let even = format!("{value:.decimals$e}");
    if nearest(&even).to_bits() == value.to_bits() {
        even
    } else {
        shortest
    }
}

const FRACTION_BITS: usize = 52;

/// All digits of a finite number that is not below 0, and how many of them stand behind the point.
/// None is a 0 at the front, and none at the end behind the point.
pub(super) fn expand(value: f64) -> (String, usize) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    // The number is `mantissa * 2^(raw - 1075)`.
    let (mantissa, raw) = match bits >> FRACTION_BITS {
        0 => (fraction, 1),
        raw => (fraction | 1 << FRACTION_BITS, raw),
    };
    if mantissa == 0 {
        return (String::new(), 0);
    }
    let raw = usize::try_from(raw).unwrap_or_default();
    let even = usize::try_from(mantissa.trailing_zeros()).unwrap_or_default();
    // The number is odd now, times a power of two or by one; half of a number is a tenth of its fivefold.
    let mut big = Big::new(mantissa >> even);
    let decimals = 1075_usize.saturating_sub(raw + even);
    big.scale(2, (raw + even).saturating_sub(1075));
    big.scale(5, decimals);
    (big.to_decimal(), decimals)
}

/// The first `count` digits, rounded by those behind them; where these are just half, to the even digit.
pub(super) fn round_to(digits: &str, count: usize) -> String {
    let (front, rest) = (text_to(digits, count), text_from(digits, count));
    let is_odd = front.bytes().last().is_some_and(|digit| digit % 2 == 1);
    let is_more = rest > "5" || rest == "5" && is_odd;
    let mut rounded = Big::from_digits(front, 10);
    rounded.multiply_add(1, u32::from(is_more));
    rounded.to_decimal()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of all sizes, and those where the distance to the neighbours changes.
    fn numbers() -> impl Iterator<Item = f64> {
        let powers = (0..2046_u64).step_by(29).flat_map(|exponent| {
            let bits = exponent << FRACTION_BITS;
            [bits.max(1), bits + 1, bits | ((1 << FRACTION_BITS) - 1)]
        });
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let random = std::iter::repeat_with(move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state >> 1
        });
        let small = (1..400_u32).map(|number| (f64::from(number) / 100.0).to_bits());
        powers
            .chain(random.take(600))
            .chain(small)
            .map(f64::from_bits)
            .filter(|value| value.is_finite() && *value > 0.0)
    }

    #[test]
    fn of_two_that_are_equally_near_the_even_one_is_written() {
        // Answers of CPython 3.11.
        for (value, digits) in [
            (2_f64.powi(-25), "2.9802322387695312e-8"),
            (-(2_f64.powi(-26)), "-1.4901161193847656e-8"),
            (2_f64.powi(-44), "5.684341886080802e-14"),
            (5e-324, "5e-324"),
            (9_007_199_254_740_993.0, "9.007199254740992e15"),
        ] {
            assert_eq!(shortest(value), digits);
        }
    }

    #[test]
    fn shortest_digits_read_back() {
        for value in numbers() {
            assert_eq!(nearest(&shortest(value)).to_bits(), value.to_bits());
            assert_eq!(shortest(value).len(), format!("{value:e}").len());
        }
    }

    #[test]
    fn numbers_have_all_their_digits() {
        for value in numbers() {
            let (digits, decimals) = expand(value);
            let expected = format!("{value:.decimals$}").replace('.', "");
            assert_eq!(digits, expected.trim_start_matches('0'), "{value:e}");
            assert!(decimals == 0 || !digits.ends_with('0'), "{value:e}");
        }
    }
}
