//! How an attempt failed in; whether the program ran, and wait or stop, out: numbers only, no clock
//! and no random source.

use crate::error::ErrorCode;
use crate::python::search::find;
use crate::python::text::{strip, words};
use crate::wire::profile::{RequestProfile, Retried, SANDBOX_FUSION, VERL, Waits};
use crate::wire::route::Route;

/// Whether a program ran, as far as its sender can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It certainly did not: sending it again doubles nothing.
    NeverRan,
    /// It was sent, and what became of it is not known.
    MayHaveRun,
    /// It did, even where its result did not arrive.
    Ran,
}

impl Outcome {
    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NeverRan => "never_ran",
            Self::MayHaveRun => "may_have_run",
            Self::Ran => "ran",
        }
    }
}

/// How one attempt failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Failure {
    /// What the error says.
    pub code: ErrorCode,
    /// The HTTP status of the answer, if there was one; 0 for a redirect that a browser hides.
    pub status: Option<u16>,
    /// Whether it is certain that nothing was sent: no connection could be made.
    pub is_unsent: bool,
    /// What a `Retry-After` header asked for, in milliseconds.
    pub retry_after_ms: Option<f64>,
}

impl Failure {
    /// Whether the program ran.
    ///
    /// A server that refuses with 3xx, 4xx or 503 did not carry out the request (RFC 9110 sections
    /// 15.4, 15.5 and 15.6.4); of a gateway that lost the server behind it (502, 504) and of one that
    /// failed inside (500), nobody knows. `SandboxFusion` sends the head of its answer when the run
    /// is over, so a body that breaks off or is too large behind a 2xx is the result of a run.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match (self.code, self.status) {
            (ErrorCode::InvalidOptions, _) | (ErrorCode::Http, Some(0 | 300..=499 | 503)) => {
                Outcome::NeverRan
            }
            (_, None) if self.is_unsent => Outcome::NeverRan,
            (ErrorCode::Network | ErrorCode::Timeout | ErrorCode::TooLarge, Some(200..=299)) => {
                Outcome::Ran
            }
            _ => Outcome::MayHaveRun,
        }
    }
}

/// When to try again, and how long to wait before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// How many attempts are made in all, at least 1.
    pub max_attempts: u32,
    /// After which failures another attempt is made.
    pub retried: Retried,
    /// How long to wait before it.
    pub waits: Waits,
    /// The longest wait, in milliseconds, `Retry-After` included.
    pub max_wait_ms: f64,
    /// Whether a `Retry-After` takes the place of the wait.
    pub obeys_retry_after: bool,
}

impl Default for RetryPolicy {
    /// Three attempts; after 429, 502, 503, 504 and connections that could not be made; 500 ms, then
    /// 1 s, and up to 500 ms more at random, or what `Retry-After` asks for; at most 30 s.
    fn default() -> Self {
        DEFAULT
    }
}

const DEFAULT: RetryPolicy = RetryPolicy {
    max_attempts: 3,
    retried: Retried::Unavailable,
    waits: Waits::Exponential {
        first_ms: 500,
        jitter_ms: 500,
    },
    max_wait_ms: 30_000.0,
    obeys_retry_after: true,
};

/// What a framework's client does.
const fn of_client(client: &RequestProfile) -> RetryPolicy {
    RetryPolicy {
        max_attempts: client.max_attempts,
        retried: client.retried,
        waits: client.waits,
        max_wait_ms: f64::INFINITY,
        obeys_retry_after: false,
    }
}

/// In the order of their names.
static POLICIES: [RetryPolicy; 4] = [
    DEFAULT,
    RetryPolicy {
        max_attempts: 1,
        ..DEFAULT
    },
    of_client(&VERL),
    of_client(&SANDBOX_FUSION),
];

impl RetryPolicy {
    /// The names of all policies.
    pub const NAMES: [&'static str; 4] = ["default", "none", "verl", "sandbox-fusion-sdk"];

    /// The policy of this name for a route: `default`; `none`, which makes one attempt; `verl` and
    /// `sandbox-fusion-sdk`, which do as the clients in [`REQUEST_PROFILES`].
    ///
    /// [`REQUEST_PROFILES`]: crate::wire::profile::REQUEST_PROFILES
    #[must_use]
    pub fn from_name(name: &str, route: Route) -> Option<Self> {
        let place = Self::NAMES.iter().position(|known| *known == name)?;
        let policy = *POLICIES.get(place)?;
        // The SDK's `run_jupyter` tries 3 times, and what reads datasets once.
        let max_attempts = match route {
            Route::RunJupyter if place == 3 => 3,
            Route::RunCode | Route::Submit | Route::RunJupyter => policy.max_attempts,
            _ if place == 3 => 1,
            _ => policy.max_attempts,
        };
        Some(Self {
            max_attempts,
            ..policy
        })
    }

    /// How long to wait before the next attempt, in milliseconds; `None` to stop.
    ///
    /// `attempt` counts from 1 and has just failed. `random` is a number from 0 up to 1, so that
    /// clients that failed together do not come back together.
    #[must_use]
    pub fn next_wait_ms(&self, attempt: u32, failure: &Failure, random: f64) -> Option<f64> {
        let status = match failure.code {
            ErrorCode::Http => failure.status,
            _ => None,
        };
        let is_retried = match self.retried {
            Retried::Nothing => false,
            Retried::GatewayTimeout => status == Some(504),
            Retried::Unavailable => failure.is_unsent || matches!(status, Some(429 | 502..=504)),
            Retried::Everything => failure.code != ErrorCode::InvalidOptions,
        };
        if attempt >= self.max_attempts || !is_retried {
            return None;
        }
        let asked = failure.retry_after_ms.filter(|_| self.obeys_retry_after);
        let wait = asked.unwrap_or_else(|| self.waits.after_ms(attempt, random.clamp(0.0, 1.0)));
        Some(wait.min(self.max_wait_ms).max(0.0))
    }
}

/// Reads a `Retry-After` header, in milliseconds from now: a number of seconds, or a date in any of
/// the three forms of HTTP (RFC 9110 sections 10.2.3 and 5.6.7). `now_ms` counts from 1970; a date
/// that has passed is no wait. `None` when it is neither.
///
/// # Examples
///
/// ```
/// use fencerun::retry::read_retry_after_ms;
/// assert_eq!(read_retry_after_ms("120", 0.0), Some(120_000.0));
/// assert_eq!(read_retry_after_ms("Thu, 01 Jan 1970 00:01:00 GMT", 1_000.0), Some(59_000.0));
/// ```
#[must_use]
pub fn read_retry_after_ms(header: &str, now_ms: f64) -> Option<f64> {
    let header = strip(header);
    if let Some(seconds) = read_digits(header) {
        return Some(f64::from(seconds) * 1000.0);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a year; a wild clock gives the first or the last one"
    )]
    let this_year = 1970 + (now_ms / MEAN_YEAR_MS).min(8_000.0) as u32;
    Some((read_http_date_ms(header, this_year)? - now_ms).max(0.0))
}

/// A number of decimal digits alone; more than a u32 holds is as much as it holds.
#[inline(never)]
fn read_digits(text: &str) -> Option<u32> {
    let mut number = 0_u32;
    for byte in text.bytes() {
        let digit = char::from(byte).to_digit(10)?;
        number = number.saturating_mul(10).saturating_add(digit);
    }
    (!text.is_empty()).then_some(number)
}

const MEAN_YEAR_MS: f64 = 365.2425 * 86_400_000.0;

/// A date of HTTP, in milliseconds from 1970.
fn read_http_date_ms(date: &str, this_year: u32) -> Option<f64> {
    // `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`
    let (date, is_year_last) = match date.strip_suffix(" GMT") {
        Some(date) => (date, false),
        None => (date, true),
    };
    let words = words(date, &|character| {
        matches!(character, ' ' | ',' | '-' | ':')
    });
    let (mut month, mut count, mut numbers) = (None, 0, [0; 5]);
    for word in words.get(1..)? {
        if let Some(number) = read_digits(word).filter(|_| word.len() <= 4) {
            *numbers.get_mut(count)? = number;
            count += 1;
        } else {
            month = Some(find(MONTHS, word).filter(|_| word.len() == 3)?);
        }
    }
    let [day, mut year, hour, minute, second] = match numbers {
        [day, hour, minute, second, year] if is_year_last => [day, year, hour, minute, second],
        numbers => numbers,
    };
    // A leap second is a 60.
    if count < 5 || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    if year < 100 {
        // Two digits: a year of this century, unless that is more than 50 years ahead.
        year += this_year / 100 * 100;
        year -= if year > this_year + 50 { 100 } else { 0 };
    }
    let seconds = hour * 3_600 + minute * 60 + second;
    let days = days_from_1970(year, u32::try_from(month? / 4).ok()?, day);
    Some((days * 86_400.0 + f64::from(seconds)) * 1000.0)
}

const MONTHS: &str = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

/// The number of days from 1970 to a date of the Gregorian calendar; `month` counts from 0.
fn days_from_1970(year: u32, month: u32, day: u32) -> f64 {
    // Years begin in March here, so that the leap day is the last of its year.
    let (year, month) = match month {
        0 | 1 => (year.saturating_sub(1), month + 10),
        _ => (year, month - 2),
    };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + day;
    // The day before 1 March of the year 0 lies 719,469 days before 1970.
    f64::from(days) - 719_469.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> Failure {
        Failure {
            code: ErrorCode::Http,
            status: Some(status),
            is_unsent: false,
            retry_after_ms: None,
        }
    }

    fn refused() -> Failure {
        Failure {
            code: ErrorCode::Network,
            status: None,
            is_unsent: true,
            retry_after_ms: None,
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let policy = RetryPolicy {
            max_attempts: 9,
            max_wait_ms: 3_000.0,
            ..RetryPolicy::default()
        };
        let waits: Vec<_> = (1..6)
            .filter_map(|attempt| policy.next_wait_ms(attempt, &status(503), 0.0))
            .collect();
        assert_eq!(waits, [500.0, 1_000.0, 2_000.0, 3_000.0, 3_000.0]);
    }

    #[test]
    fn the_last_attempt_is_the_last() {
        let stop = |policy: RetryPolicy, attempt| policy.next_wait_ms(attempt, &status(503), 0.0);
        assert_eq!(stop(RetryPolicy::default(), 3), None);
        let none = RetryPolicy::from_name("none", Route::RunCode).unwrap();
        assert_eq!(stop(none, 1), None);
    }

    #[test]
    fn the_default_tries_again_after_what_is_not_available() {
        let policy = RetryPolicy::default();
        for code in [429, 502, 503, 504] {
            assert!(
                policy.next_wait_ms(1, &status(code), 0.0).is_some(),
                "{code}"
            );
        }
        assert!(policy.next_wait_ms(1, &refused(), 0.0).is_some());
        for code in [302, 400, 401, 404, 422, 500, 501] {
            assert_eq!(policy.next_wait_ms(1, &status(code), 0.0), None, "{code}");
        }
        for code in [
            ErrorCode::Network,
            ErrorCode::Timeout,
            ErrorCode::Protocol,
            ErrorCode::Sandbox,
            ErrorCode::TooLarge,
        ] {
            let failure = Failure {
                code,
                status: None,
                ..status(0)
            };
            assert_eq!(policy.next_wait_ms(1, &failure, 0.0), None, "{code:?}");
        }
    }

    #[test]
    fn verl_tries_again_after_504_alone_and_waits_a_second_more_each_time() {
        let verl = RetryPolicy::from_name("verl", Route::RunCode).unwrap();
        let waits =
            |failure: &Failure| [1, 2, 3].map(|attempt| verl.next_wait_ms(attempt, failure, 0.7));
        assert_eq!(waits(&status(504)), [Some(1_000.0), Some(2_000.0), None]);
        assert_eq!(waits(&status(503)), [None; 3]);
        assert_eq!(waits(&refused()), [None; 3]);
    }

    #[test]
    fn the_sdk_tries_everything_again_as_often_as_the_route_has_it() {
        let attempts = |route| {
            let policy = RetryPolicy::from_name("sandbox-fusion-sdk", route).unwrap();
            let failure = Failure {
                code: ErrorCode::Sandbox,
                ..status(200)
            };
            (1..9)
                .take_while(|&n| policy.next_wait_ms(n, &failure, 0.0).is_some())
                .count()
                + 1
        };
        assert_eq!(attempts(Route::RunCode), 5);
        assert_eq!(attempts(Route::Submit), 5);
        assert_eq!(attempts(Route::RunJupyter), 3);
        assert_eq!(attempts(Route::GetPrompts), 1);
    }

    #[test]
    fn retry_after_is_obeyed_up_to_the_longest_wait() {
        let asked = |retry_after_ms| {
            let failure = Failure {
                retry_after_ms: Some(retry_after_ms),
                ..status(429)
            };
            RetryPolicy::default().next_wait_ms(1, &failure, 1.0)
        };
        assert_eq!(asked(2_000.0), Some(2_000.0));
        assert_eq!(asked(0.0), Some(0.0));
        assert_eq!(asked(999_000.0), Some(30_000.0));
    }

    #[test]
    fn a_date_is_read_in_the_three_forms_of_http() {
        // The example of RFC 9110 section 5.6.7; its seconds by `date -u -d … +%s`.
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(
                read_http_date_ms(date, 2026),
                Some(784_111_777_000.0),
                "{date}"
            );
        }
    }

    #[test]
    fn dates_agree_with_the_calendar() {
        // By `date -u -d … +%s`.
        for (date, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
            ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600.0),
            ("Thu, 31 Dec 2026 23:59:60 GMT", 1_798_761_600.0),
            ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400.0),
            ("Wednesday, 31-Dec-69 23:59:59 GMT", 3_155_759_999.0),
        ] {
            assert_eq!(
                read_http_date_ms(date, 2026),
                Some(seconds * 1000.0),
                "{date}"
            );
        }
    }

    #[test]
    fn a_header_that_is_neither_seconds_nor_a_date_is_none() {
        for header in [
            "",
            "-1",
            "1.5",
            "soon",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:49:37:00 GMT",
        ] {
            assert_eq!(read_retry_after_ms(header, 0.0), None, "{header}");
        }
        assert_eq!(
            read_retry_after_ms("99999999999", 0.0),
            Some(4_294_967_295_000.0)
        );
    }

    #[test]
    fn a_date_that_has_passed_is_no_wait() {
        let now = 784_111_778_000.0;
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(read_retry_after_ms(date, now), Some(0.0));
    }
}
