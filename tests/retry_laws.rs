//! Laws of trying again, for whatever policy, failure and chance. Nothing here waits.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

#[path = "vectors/generator.rs"]
#[expect(dead_code, reason = "only its random numbers are used here")]
mod generator;

use fencerun::error::ErrorCode;
use fencerun::retry::{Failure, Outcome, RetryPolicy, read_retry_after_ms};
use fencerun::wire::route::Route;
use generator::Random;

const CASES: u64 = 20_000;

const CODES: [ErrorCode; 7] = [
    ErrorCode::InvalidOptions,
    ErrorCode::Network,
    ErrorCode::Timeout,
    ErrorCode::Http,
    ErrorCode::Protocol,
    ErrorCode::Sandbox,
    ErrorCode::TooLarge,
];

fn number(random: &mut Random, bound: u32) -> u32 {
    u32::try_from(random.below(bound as usize)).unwrap()
}

/// A number from 0 up to 1.
fn share(random: &mut Random) -> f64 {
    f64::from(number(random, 1 << 20)) / f64::from(1 << 20)
}

fn failure(random: &mut Random) -> Failure {
    let code = CODES[random.below(CODES.len())];
    let status = u16::try_from(100 + random.below(500)).unwrap();
    let status = (code == ErrorCode::Http || random.below(2) == 0).then_some(status);
    let asked = f64::from(number(random, 100_000));
    Failure {
        code,
        status,
        is_unsent: status.is_none() && random.below(3) == 0,
        retry_after_ms: (random.below(3) == 0).then_some(asked),
    }
}

fn policy(random: &mut Random) -> (&'static str, RetryPolicy) {
    let name = RetryPolicy::NAMES[random.below(RetryPolicy::NAMES.len())];
    let route = Route::ALL[random.below(Route::ALL.len())];
    let policy = RetryPolicy::from_name(name, route).unwrap();
    let max_wait_ms = match random.below(2) {
        0 => policy.max_wait_ms,
        _ => f64::from(number(random, 60_000)),
    };
    let max_attempts = match random.below(2) {
        0 => policy.max_attempts,
        _ => 1 + number(random, 100),
    };
    let policy = RetryPolicy {
        max_attempts,
        max_wait_ms,
        ..policy
    };
    (name, policy)
}

#[test]
fn a_wait_is_never_longer_than_the_longest_nor_below_zero() {
    for seed in 0..CASES {
        let mut random = Random::new(seed);
        let (name, policy) = policy(&mut random);
        let failure = failure(&mut random);
        let attempt = 1 + number(&mut random, 3_000);
        // Chance may come from anywhere.
        let chance = [share(&mut random), -1.0, 2.0, f64::NAN, f64::INFINITY][random.below(5)];
        if let Some(wait) = policy.next_wait_ms(attempt, &failure, chance) {
            assert!(
                (0.0..=policy.max_wait_ms).contains(&wait),
                "seed {seed}: {name} waits {wait} after {failure:?}"
            );
        }
    }
}

#[test]
fn there_are_never_more_attempts_than_the_policy_has() {
    for seed in 0..CASES {
        let mut random = Random::new(seed);
        let (name, policy) = policy(&mut random);
        let failure = failure(&mut random);
        let mut attempt = 1;
        while policy.next_wait_ms(attempt, &failure, 0.5).is_some() {
            attempt += 1;
        }
        assert!(
            attempt == 1 || attempt == policy.max_attempts,
            "seed {seed}: {name} made {attempt} attempts"
        );
    }
}

#[test]
fn waits_grow_and_chance_only_adds() {
    for seed in 0..CASES {
        let mut random = Random::new(seed);
        let (name, policy) = policy(&mut random);
        let failure = Failure {
            retry_after_ms: None,
            ..failure(&mut random)
        };
        let attempt = 1 + number(&mut random, 40);
        let wait = |attempt, chance| policy.next_wait_ms(attempt, &failure, chance);
        let chance = share(&mut random);
        if let (Some(now), Some(next)) = (wait(attempt, chance), wait(attempt + 1, chance)) {
            assert!(now <= next, "seed {seed}: {name}: {now} before {next}");
        }
        if let (Some(least), Some(given)) = (wait(attempt, 0.0), wait(attempt, chance)) {
            assert!(least <= given, "seed {seed}: {name}: {given} below {least}");
        }
    }
}

#[test]
fn the_default_sends_again_only_what_a_gateway_or_a_full_server_stopped() {
    for seed in 0..CASES {
        let mut random = Random::new(seed);
        let failure = failure(&mut random);
        let is_retried = RetryPolicy::default()
            .next_wait_ms(1, &failure, share(&mut random))
            .is_some();
        let is_named = failure.is_unsent
            || failure.code == ErrorCode::Http
                && matches!(failure.status, Some(429 | 502 | 503 | 504));
        assert_eq!(is_retried, is_named, "seed {seed}: {failure:?}");
        if is_retried && failure.outcome() != Outcome::NeverRan {
            assert!(matches!(failure.status, Some(502 | 504)), "{failure:?}");
        }
    }
}

#[test]
fn a_failure_never_says_that_a_program_ran_without_the_head_of_a_success() {
    for seed in 0..CASES {
        let failure = failure(&mut Random::new(seed));
        if failure.outcome() == Outcome::Ran {
            assert!(matches!(failure.status, Some(200..=299)), "{failure:?}");
        }
    }
}

#[test]
fn the_date_of_any_second_is_read_back() {
    // Day numbers by counting days, month by month and year by year: slow, and plainly right.
    const DAYS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut random = Random::new(1);
    let mut days = 0;
    for year in 1970_u32..2_400 {
        let is_leap =
            year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
        for (month, length) in DAYS.into_iter().enumerate() {
            let length = length + u32::from(month == 1 && is_leap);
            for day in 1..=length {
                let second = number(&mut random, 86_400);
                let name = MONTHS[month];
                let (hour, minute) = (second / 3600, second / 60 % 60);
                let clock = format!("{hour:02}:{minute:02}:{:02}", second % 60);
                let expected = (f64::from(days) * 86_400.0 + f64::from(second)) * 1000.0;
                for date in [
                    format!("Mon, {day:02} {name} {year} {clock} GMT"),
                    format!("Mon {name} {day:2} {clock} {year}"),
                ] {
                    assert_eq!(read_retry_after_ms(&date, 0.0), Some(expected), "{date}");
                }
                days += 1;
            }
        }
    }
}

#[test]
fn no_header_of_any_kind_breaks_the_reader() {
    const PIECES: [&str; 22] = [
        "",
        " ",
        "-",
        ",",
        ":",
        "0",
        "9",
        "00",
        "31",
        "99",
        "1994",
        "99999999999999999999",
        "GMT",
        "Sun",
        "Sun,",
        "Nov",
        "08:49:37",
        "é",
        "+",
        "1e9",
        "0x1",
        "\u{a0}",
    ];
    for seed in 0..CASES {
        let mut random = Random::new(seed);
        let header: String = (0..random.below(12))
            .map(|_| random.pick(&PIECES))
            .collect();
        let now = f64::from(number(&mut random, u32::MAX)) * 1_000.0;
        if let Some(wait) = read_retry_after_ms(&header, now) {
            assert!(wait >= 0.0 && wait.is_finite(), "{header:?}: {wait}");
        }
    }
}
