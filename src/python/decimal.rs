//! Exact conversion between binary floating-point numbers and decimal digits. The standard library
//! has it too, but twenty kilobytes of it: with its tables it is made for speed.

use super::big::Big;

/// How many digits decide how a number is rounded; more only break a tie.
const MAX_DIGITS: usize = 800;

const FRACTION_BITS: usize = 52;

/// The fewest digits that read back as the same number, and the exponent of the first: `15` and -3
/// for 0.0015. The number is finite and above 0.
///
/// Free-format printing after Steele and White, "How to print floating-point numbers accurately"
/// (1990).
pub(super) fn to_digits(value: f64) -> (String, i32) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    let raw_exponent = i32::try_from(bits >> FRACTION_BITS).unwrap_or_default();
    let (mantissa, exponent) = match raw_exponent {
        0 => (fraction, -1074),
        _ => (fraction | 1 << FRACTION_BITS, raw_exponent - 1075),
    };
    // The value is `rest / scale`; half the distances to its neighbours are `above` and `below`,
    // over `scale` too. Below a power of two the neighbour is nearer.
    let is_power = fraction == 0 && raw_exponent > 1;
    let extra = 1 + usize::from(is_power);
    let up = usize::try_from(exponent).unwrap_or_default();
    let down = usize::try_from(-exponent).unwrap_or_default();
    let shifted = |value: u64, bits: usize| {
        let mut big = Big::new(value);
        big.shift_left(bits);
        big
    };
    let mut rest = shifted(mantissa, up + extra);
    let mut scale = shifted(1, down + extra);
    let mut above = shifted(1, up + extra - 1);
    let mut below = shifted(1, up);
    let includes_ends = mantissa.is_multiple_of(2);
    let reaches = |rest: &Big, above: &Big, scale: &Big| {
        let mut sum = rest.clone();
        sum.add(above);
        if includes_ends {
            sum >= *scale
        } else {
            sum > *scale
        }
    };
    let mut power = estimate_power(mantissa, exponent);
    let tens = usize::try_from(power.abs()).unwrap_or_default();
    if power >= 0 {
        scale.scale(tens);
    } else {
        for big in [&mut rest, &mut above, &mut below] {
            big.scale(tens);
        }
    }
    if reaches(&rest, &above, &scale) {
        power += 1;
    } else {
        for big in [&mut rest, &mut above, &mut below] {
            big.multiply_add(10, 0);
        }
    }
    let mut digits = String::new();
    loop {
        let mut digit = 0;
        while rest >= scale {
            rest.subtract(&scale);
            digit += 1;
        }
        let low = if includes_ends {
            rest <= below
        } else {
            rest < below
        };
        let high = reaches(&rest, &above, &scale);
        if low || high {
            let mut twice = rest.clone();
            twice.shift_left(1);
            let nearer_above = twice > scale || twice == scale && digit % 2 == 1;
            digit += u32::from(high && (!low || nearer_above));
            digits.extend(char::from_digit(digit, 10));
            return (digits, power - 1);
        }
        digits.extend(char::from_digit(digit, 10));
        for big in [&mut rest, &mut above, &mut below] {
            big.multiply_add(10, 0);
        }
    }
}

/// The power of ten above a number, or the one below that.
fn estimate_power(mantissa: u64, exponent: i32) -> i32 {
    let bits = 63 - i32::try_from(mantissa.leading_zeros()).unwrap_or_default();
    // 78913 in 2 to the 18th is a little less than the decimal logarithm of 2, and 512 there is
    // more than the difference can add up to.
    (((bits + exponent) * 78_913 - 512) >> 18) + 1
}

/// The number nearest to `digits` times a power of ten; between two, the even one; infinite where
/// it is too large. The digits are decimal ones.
pub(super) fn from_digits(digits: &str, power: i64) -> f64 {
    let digits = digits.trim_start_matches('0');
    let magnitude = i64::try_from(digits.len())
        .unwrap_or(i64::MAX)
        .saturating_add(power);
    if digits.is_empty() || magnitude < -330 {
        return 0.0;
    }
    if magnitude > 310 {
        return f64::INFINITY;
    }
    if let Some(number) = from_few_digits(digits, power) {
        return number;
    }
    let kept = digits.get(..MAX_DIGITS).unwrap_or(digits);
    let rest = digits.get(kept.len()..).unwrap_or_default();
    let mut above = Big::from_digits(kept, 10);
    let mut below = Big::new(1);
    let dropped = i64::try_from(rest.len()).unwrap_or_default();
    let power = power + dropped;
    // What was dropped counts only in so far as it is not 0.
    let is_sticky = rest.bytes().any(|digit| digit != b'0');
    above.multiply_add(10, u32::from(is_sticky));
    let power = power - 1;
    let tens = usize::try_from(power.unsigned_abs()).unwrap_or_default();
    if power >= 0 { &mut above } else { &mut below }.scale(tens);
    round(above, below)
}

/// The same without large numbers where both the digits and the power of ten are exact in binary, so that only their quotient or
/// product is rounded: Clinger, "How to read floating point numbers accurately" (1990).
fn from_few_digits(digits: &str, power: i64) -> Option<f64> {
    let tens = u8::try_from(power.unsigned_abs())
        .ok()
        .filter(|&tens| tens <= 22)?;
    let whole: u64 = digits.parse().ok().filter(|&whole| whole < 1 << 53)?;
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    let whole = whole as f64;
    let scale = (0..tens).fold(1.0, |scale, _| scale * 10.0);
    Some(if power < 0 {
        whole / scale
    } else {
        whole * scale
    })
}

/// The number nearest to a quotient that is not 0.
fn round(mut above: Big, mut below: Big) -> f64 {
    let bits = |big: &Big| i32::try_from(big.bits()).unwrap_or(i32::MAX);
    let mut exponent = bits(&above) - bits(&below);
    let shift = usize::try_from(exponent.unsigned_abs()).unwrap_or_default();
    if exponent >= 0 {
        &mut below
    } else {
        &mut above
    }
    .shift_left(shift);
    if above < below {
        exponent -= 1;
        above.shift_left(1);
    }
    // The quotient lies between 1 and 2 now, to be multiplied by two to the exponent.
    let wanted = if exponent < -1022 {
        53 + 1022 + exponent
    } else {
        53
    };
    if wanted < 0 {
        return 0.0;
    }
    let mut mantissa = 0_u64;
    for _ in 0..wanted {
        mantissa <<= 1;
        if above >= below {
            above.subtract(&below);
            mantissa |= 1;
        }
        above.shift_left(1);
    }
    if above > below || above == below && mantissa % 2 == 1 {
        mantissa += 1;
    }
    // A mantissa that rounding made longer spills into the exponent, as it should.
    let raw_exponent = u64::try_from(exponent.max(-1023) + 1022).unwrap_or_default();
    let is_normal = exponent >= -1022;
    let bits = if is_normal {
        (raw_exponent << FRACTION_BITS) + mantissa
    } else {
        mantissa
    };
    // The bits of the infinity are the next after those of the largest number.
    f64::from_bits(bits.min(f64::INFINITY.to_bits()))
}

/// The decimal digits of a whole number that is not below 0.
pub(super) fn whole_to_decimal(value: f64) -> String {
    let bits = value.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1) | 1 << FRACTION_BITS;
    let exponent = i64::try_from(bits >> FRACTION_BITS).unwrap_or_default() - 1075;
    if value < 1.0 {
        return "0".to_owned();
    }
    if exponent < 0 {
        return (fraction >> exponent.unsigned_abs()).to_string();
    }
    let mut big = Big::new(fraction);
    big.shift_left(usize::try_from(exponent).unwrap_or_default());
    big.to_decimal()
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
    fn digits_are_those_of_the_standard_library() {
        for value in numbers() {
            let expected = format!("{value:e}");
            let (mantissa, exponent) = expected.split_once('e').unwrap();
            let expected = mantissa.replace('.', "");
            let (digits, power) = to_digits(value);
            assert_eq!(power.to_string(), exponent);
            if digits != expected {
                // Between two that are equally near, Python takes the even one, Rust the larger.
                let number = |digits: &str| digits.parse::<u64>().unwrap();
                assert_eq!(number(&digits) + 1, number(&expected), "{value:e}");
                assert_eq!(number(&digits) % 2, 0, "{value:e}");
            }
        }
    }

    #[test]
    fn of_two_that_are_equally_near_the_even_one_is_written() {
        assert_eq!(
            to_digits(2_f64.powi(-25)),
            ("29802322387695312".to_owned(), -8)
        );
    }

    #[test]
    fn numbers_are_those_of_the_standard_library() {
        for value in numbers() {
            let (digits, power) = to_digits(value);
            let scale = i64::from(power) + 1 - i64::try_from(digits.len()).unwrap();
            assert_eq!(
                from_digits(&digits, scale).to_bits(),
                value.to_bits(),
                "{value:e}"
            );
            // Exactly half the way to the next number, and a little more and less.
            let next = f64::from_bits(value.to_bits() + 1);
            if next.is_finite() && value > 1e-290 && value < 1e290 {
                let half = format!("{:.1100}", value / 2.0 + next / 2.0);
                for text in [
                    half.clone(),
                    half + "1",
                    format!("{value:.17e}"),
                    format!("{value:.30}"),
                ] {
                    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                    let (whole, fraction) = mantissa.split_once('.').unwrap();
                    let scale =
                        exponent.parse::<i64>().unwrap() - i64::try_from(fraction.len()).unwrap();
                    let read = from_digits(&format!("{whole}{fraction}"), scale);
                    assert_eq!(
                        read.to_bits(),
                        text.parse::<f64>().unwrap().to_bits(),
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_too_large_or_small_goes_over_the_edge() {
        for (digits, power, expected) in [
            ("1", 400, f64::INFINITY),
            ("1", 309, f64::INFINITY),
            ("17976931348623157", 292, f64::MAX),
            ("17976931348623158", 292, f64::MAX),
            ("17976931348623159", 292, f64::INFINITY),
            ("5", -324, 5e-324),
            ("24703282292062327208", -343, 0.0),
            ("24703282292062328", -340, 5e-324),
            ("1", -400, 0.0),
            ("0", 500, 0.0),
            ("22250738585072011", -324, 2.225_073_858_507_201e-308),
            ("22250738585072012", -324, f64::MIN_POSITIVE),
        ] {
            assert_eq!(
                from_digits(digits, power).to_bits(),
                expected.to_bits(),
                "{digits}e{power}"
            );
        }
    }

    #[test]
    fn whole_numbers_keep_all_their_digits() {
        for value in numbers().map(f64::floor) {
            assert_eq!(whole_to_decimal(value), format!("{value:.0}"));
        }
    }
}
