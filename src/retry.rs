//! An attempt's outcome in, wait or stop out: numbers only, no clock and no random source.

/// How one attempt failed, as far as trying again is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The server answered with this HTTP status.
    Status {
        /// The HTTP status.
        status: u16,
        /// What its `Retry-After` header asked for, in milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// The connection could not be made: the program certainly never ran.
    Refused,
    /// Anything else: the program may have run, so it is not sent twice.
    Other,
}

/// When to try again, and how long to wait before it.
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    /// How many attempts are made in all, at least 1.
    pub max_attempts: u32,
    /// The wait before the second attempt, in milliseconds; it doubles with each further one.
    pub base_wait_ms: u64,
    /// The longest wait, in milliseconds, `Retry-After` included.
    pub max_wait_ms: u64,
    /// The HTTP statuses after which another attempt is made.
    pub statuses: Vec<u16>,
    /// Whether another attempt is made when no connection could be made.
    pub retry_refused: bool,
}

impl Default for RetryPolicy {
    /// Three attempts; after 429, 502, 503, 504 and refused connections; 500 ms, then 1 s, at
    /// most 30 s.
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base_wait_ms: 500,
            max_wait_ms: 30_000,
            statuses: vec![429, 502, 503, 504],
            retry_refused: true,
        }
    }
}

impl RetryPolicy {
    /// One attempt and no more.
    #[must_use]
    pub fn none() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// How long to wait before the next attempt, in milliseconds; `None` to stop.
    ///
    /// `attempt` counts from 1 and has just failed. `random` is a number from 0 up to 1: the wait
    /// is the exponential one less up to a quarter of it, so that clients that failed together
    /// do not come back together. A `Retry-After` is obeyed as it stands, up to `max_wait_ms`.
    #[must_use]
    pub fn next_wait_ms(&self, attempt: u32, failure: Failure, random: f64) -> Option<u64> {
        if attempt >= self.max_attempts {
            return None;
        }
        let retry_after_ms = match failure {
            Failure::Status {
                status,
                retry_after_ms,
            } if self.statuses.contains(&status) => retry_after_ms,
            Failure::Refused if self.retry_refused => None,
            _ => return None,
        };
        if let Some(asked) = retry_after_ms {
            return Some(asked.min(self.max_wait_ms));
        }
        let doubled = 1_u64
            .checked_shl(attempt.saturating_sub(1))
            .unwrap_or(u64::MAX);
        let wait = self
            .base_wait_ms
            .saturating_mul(doubled)
            .min(self.max_wait_ms);
        let spread = u32::try_from(wait / 4).unwrap_or(u32::MAX);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share between 0 and 1 of a u32"
        )]
        let less = (f64::from(spread) * random.clamp(0.0, 1.0)) as u64;
        Some(wait.saturating_sub(less))
    }
}

/// Reads a `Retry-After` header: a number of seconds, in milliseconds. A date is not read: it
/// would need a clock, and the exponential wait serves as well (RFC 9110 section 10.2.3).
#[must_use]
pub fn read_retry_after_ms(header: &str) -> Option<u64> {
    header.trim().parse::<u64>().ok()?.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> Failure {
        Failure::Status {
            status,
            retry_after_ms: None,
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let policy = RetryPolicy {
            max_attempts: 9,
            max_wait_ms: 3_000,
            ..RetryPolicy::default()
        };
        let waits: Vec<_> = (1..6)
            .map(|attempt| policy.next_wait_ms(attempt, status(503), 0.0))
            .collect();
        assert_eq!(
            waits,
            [
                Some(500),
                Some(1_000),
                Some(2_000),
                Some(3_000),
                Some(3_000)
            ]
        );
    }

    #[test]
    fn jitter_takes_away_up_to_a_quarter() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.next_wait_ms(2, Failure::Refused, 1.0), Some(750));
        assert_eq!(policy.next_wait_ms(2, Failure::Refused, 0.5), Some(875));
    }

    #[test]
    fn the_last_attempt_is_the_last() {
        assert_eq!(
            RetryPolicy::default().next_wait_ms(3, status(503), 0.0),
            None
        );
        assert_eq!(RetryPolicy::none().next_wait_ms(1, status(503), 0.0), None);
    }

    #[test]
    fn only_failures_that_ran_nothing_are_tried_again() {
        let policy = RetryPolicy::default();
        for code in [400, 401, 404, 422, 500, 501] {
            assert_eq!(policy.next_wait_ms(1, status(code), 0.0), None, "{code}");
        }
        assert_eq!(policy.next_wait_ms(1, Failure::Other, 0.0), None);
    }

    #[test]
    fn retry_after_is_obeyed_up_to_the_longest_wait() {
        let policy = RetryPolicy::default();
        let asked = |retry_after_ms| Failure::Status {
            status: 429,
            retry_after_ms,
        };
        assert_eq!(policy.next_wait_ms(1, asked(Some(2_000)), 1.0), Some(2_000));
        assert_eq!(
            policy.next_wait_ms(1, asked(Some(999_000)), 1.0),
            Some(30_000)
        );
    }

    #[test]
    fn retry_after_is_a_number_of_seconds() {
        assert_eq!(read_retry_after_ms(" 12 "), Some(12_000));
        assert_eq!(read_retry_after_ms("Wed, 21 Oct 2026 07:28:00 GMT"), None);
        assert_eq!(read_retry_after_ms("-1"), None);
    }
}
