//! Natural numbers of any size: what exact conversion to decimal digits needs.

use super::text::strip_start_of;

/// One more than an element can be.
const BASE: u64 = 1_000_000_000;

/// A natural number: nine decimal digits an element, the lowest first, the highest not 0.
#[derive(Debug)]
pub(super) struct Big(Vec<u32>);

impl Big {
    pub(super) fn new(value: u64) -> Self {
        let mut big = Self(Vec::new());
        big.push(value);
        big
    }

    /// The number of digits in some base up to 16; anything else counts as 0.
    pub(super) fn from_digits(digits: &str, base: u32) -> Self {
        let mut big = Self(Vec::new());
        for digit in digits.chars() {
            big.multiply_add(base, digit.to_digit(16).unwrap_or_default());
        }
        big
    }

    /// Puts a number in front.
    fn push(&mut self, mut value: u64) {
        while value > 0 {
            self.0.push(u32::try_from(value % BASE).unwrap_or_default());
            value /= BASE;
        }
    }

    /// Multiplies by a number that is not 0, and adds another.
    pub(super) fn multiply_add(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for element in &mut self.0 {
            carry += u64::from(*element) * u64::from(factor);
            *element = u32::try_from(carry % BASE).unwrap_or_default();
            carry /= BASE;
        }
        self.push(carry);
    }

    /// The decimal digits; none for 0.
    pub(super) fn to_decimal(&self) -> String {
        let mut digits = String::new();
        for element in self.0.iter().rev() {
            let mut rest = *element;
            for place in (0..9).map(|power| 10_u32.pow(8 - power)) {
                digits.extend(char::from_digit(rest / place, 10));
                rest %= place;
            }
        }
        strip_start_of(&digits, "0").to_owned()
    }
}
