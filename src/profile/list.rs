//! All profiles, by name.

use super::rules::show::fill;
use super::{
    Profile, areal, autogen, evalplus, gem, livecodebench, lm_eval, nemo, open_r1, qwen, rllm,
    roll, rstar, sandbox_fusion, simpletir, skyrl, slime, smolagents, torl, verifiers, verl,
    verl_tool,
};
use crate::error::RunError;

/// The profiles of each framework.
const FRAMEWORKS: [&[Profile]; 21] = [
    &verl::PROFILES,
    &sandbox_fusion::PROFILES,
    &verl_tool::PROFILES,
    &skyrl::PROFILES,
    &slime::PROFILES,
    &torl::PROFILES,
    &simpletir::PROFILES,
    &qwen::PROFILES,
    &areal::PROFILES,
    &gem::PROFILES,
    &roll::PROFILES,
    &rllm::PROFILES,
    &open_r1::PROFILES,
    &nemo::PROFILES,
    &rstar::PROFILES,
    &verifiers::PROFILES,
    &smolagents::PROFILES,
    &autogen::PROFILES,
    &livecodebench::PROFILES,
    &evalplus::PROFILES,
    &lm_eval::PROFILES,
];

/// All of them in one table.
static ALL: [Profile; COUNT] = join();

const COUNT: usize = {
    let mut count = 0;
    let mut frameworks: &[&[Profile]] = &FRAMEWORKS;
    while let [framework, rest @ ..] = frameworks {
        count += framework.len();
        frameworks = rest;
    }
    count
};

const fn join() -> [Profile; COUNT] {
    let mut all = [verl::PROFILES[0]; COUNT];
    let mut free: &mut [Profile] = &mut all;
    let mut frameworks: &[&[Profile]] = &FRAMEWORKS;
    while let [framework, rest @ ..] = frameworks {
        let (places, behind) = free.split_at_mut(framework.len());
        places.copy_from_slice(framework);
        (free, frameworks) = (behind, rest);
    }
    all
}

/// Every profile, in the order of the frameworks.
pub fn profiles() -> impl Iterator<Item = &'static Profile> {
    ALL.iter()
}

/// The profile with this name.
///
/// # Errors
///
/// [`RunError::InvalidOptions`] for a name that is none, with the nearest one where that is near: no
/// more than a third of its letters have to change.
pub fn find_profile(name: &str) -> Result<&'static Profile, RunError> {
    if let Some(profile) = profiles().find(|profile| profile.name == name) {
        return Ok(profile);
    }
    let (mut nearest, mut least) = ("", usize::MAX);
    for profile in profiles() {
        let distance = distance(profile.name, name);
        if distance < least {
            (nearest, least) = (profile.name, distance);
        }
    }
    let template = if least * 3 <= nearest.len() {
        "profile: expected one that `profiles` lists, found `{}`; did you mean `{}`?"
    } else {
        "profile: expected one that `profiles` lists, found `{}`"
    };
    Err(RunError::InvalidOptions {
        detail: fill(template, &[name, nearest]),
    })
}

/// How many letters have to be added, taken away or replaced to make one name the other. Names
/// longer than any of ours are compared by their beginning.
fn distance(known: &str, asked: &str) -> usize {
    // Of the front of each length of `known`, but for the empty one.
    let mut row = [0; LONGEST];
    for (place, cell) in row.iter_mut().enumerate() {
        *cell = place + 1;
    }
    let mut distance = known.len();
    for (line, letter) in asked.chars().take(64).enumerate() {
        let mut diagonal = line;
        distance = line + 1;
        for (above, expected) in row.iter_mut().zip(known.bytes()) {
            let replaced =
                diagonal + usize::from(!char::from(expected).eq_ignore_ascii_case(&letter));
            diagonal = *above;
            distance = replaced.min(distance + 1).min(*above + 1);
            *above = distance;
        }
    }
    distance
}

/// No name of a profile has more letters.
const LONGEST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_longer_than_the_longest() {
        for profile in profiles() {
            assert!(profile.name.len() <= LONGEST, "{}", profile.name);
        }
    }
}
