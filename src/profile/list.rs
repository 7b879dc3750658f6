//! All profiles, by name.

use super::{
    Profile, areal, autogen, evalplus, gem, livecodebench, lm_eval, nemo, open_r1, qwen, rllm,
    roll, rstar, sandbox_fusion, simpletir, skyrl, slime, smolagents, torl, verifiers, verl,
    verl_tool,
};
use crate::error::RunError;

/// The profiles of each framework.
static ALL: [&[Profile]; 21] = [
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

/// Every profile, in the order of the frameworks.
pub fn profiles() -> impl Iterator<Item = &'static Profile> {
    ALL.iter().copied().flatten()
}

/// The profile with this name.
///
/// # Errors
///
/// [`RunError::InvalidOptions`] for a name that is none, with the nearest one where that is near: no
/// more than a third of its letters have to change.
pub fn find_profile(name: &str) -> Result<&'static Profile, RunError> {
    let known = profiles().find(|profile| profile.name == name);
    known.ok_or_else(|| {
        let mut detail = format!("profile: expected one that `profiles` lists, found `{name}`");
        let nearest = profiles()
            .map(|profile| (distance(profile.name, name), profile.name))
            .min_by_key(|(distance, _)| *distance)
            .filter(|(distance, known)| distance * 3 <= known.len());
        if let Some((_, known)) = nearest {
            for piece in ["; did you mean `", known, "`?"] {
                detail.push_str(piece);
            }
        }
        RunError::InvalidOptions { detail }
    })
}

/// How many letters have to be added, taken away or replaced to make one name the other. Names
/// longer than any of ours are compared by their beginning.
fn distance(known: &str, asked: &str) -> usize {
    let known: Vec<char> = known.chars().collect();
    let mut row: Vec<usize> = (0..=known.len()).collect();
    for (line, letter) in asked.chars().take(64).enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (above, expected) in row.iter_mut().skip(1).zip(&known) {
            let replaced = diagonal + usize::from(!expected.eq_ignore_ascii_case(&letter));
            diagonal = *above;
            left = replaced.min(left + 1).min(*above + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
