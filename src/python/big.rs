//! Natural numbers of any size: what exact conversion between decimal and binary needs.

use super::text::strip_start_of;
use std::cmp::Ordering;

/// A natural number: 32 bits an element, the lowest first, the highest not 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Big(Vec<u32>);

impl Big {
    pub(super) fn new(value: u64) -> Self {
        let low = value & u64::from(u32::MAX);
        let mut big = Self(vec![to_u32(low), to_u32(value >> 32)]);
        big.trim();
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

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// How many bits it takes.
    pub(super) fn bits(&self) -> usize {
        let last = self.0.last().map_or(0, |last| last.leading_zeros());
        self.0.len() * 32 - usize::try_from(last).unwrap_or_default()
    }

    pub(super) fn multiply_add(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for element in &mut self.0 {
            carry += u64::from(*element) * u64::from(factor);
            *element = to_u32(carry & u64::from(u32::MAX));
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(to_u32(carry));
        }
        self.trim();
    }

    /// Multiplies by a power of a number up to 10.
    pub(super) fn scale(&mut self, base: u32, power: usize) {
        // The ninth power of 10 is the last that fits.
        for _ in 0..power / 9 {
            self.multiply_add(base.pow(9), 0);
        }
        for _ in 0..power % 9 {
            self.multiply_add(base, 0);
        }
    }

    /// Takes away a number that is not larger.
    pub(super) fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        let others = other.0.iter().chain(std::iter::repeat(&0));
        for (element, less) in self.0.iter_mut().zip(others) {
            let (first, under) = element.overflowing_sub(*less);
            let (second, again) = first.overflowing_sub(u32::from(borrow));
            *element = second;
            borrow = under || again;
        }
        self.trim();
    }

    /// The decimal digits; none for 0.
    pub(super) fn to_decimal(&self) -> String {
        let mut rest = self.clone();
        let mut digits = Vec::new();
        while !rest.0.is_empty() {
            let mut remainder = 0;
            for element in rest.0.iter_mut().rev() {
                remainder = remainder << 32 | u64::from(*element);
                *element = to_u32(remainder / 1_000_000_000);
                remainder %= 1_000_000_000;
            }
            rest.trim();
            for _ in 0..9 {
                digits.push(b'0' + u8::try_from(remainder % 10).unwrap_or_default());
                remainder /= 10;
            }
        }
        digits.reverse();
        let digits = String::from_utf8(digits).unwrap_or_default();
        strip_start_of(&digits, "0").to_owned()
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Big {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_length = self.0.len().cmp(&other.0.len());
        by_length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

/// A number known to fit.
fn to_u32(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
