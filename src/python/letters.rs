//! The letters, numbers and printable characters of Unicode 14, as `CPython` 3.11 knows them, and
//! the words of the package `regex`, which follows a newer Unicode.
//!
//! Rust's own tables are of a newer Unicode, too, and count some marks as alphabetic, which Python
//! does not; `re`'s `\w` and `str.isalpha` need Python's answer.

/// What is known of a character above U+007F.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It is printable and in no word.
    Other,
    /// `str.isalpha` and both `\w`.
    Letter,
    /// A mark, connector or joiner: `\w` of `regex` alone.
    Mark,
    /// `str.isalnum` and `\w` of `re`, as for `²`.
    Number,
    /// A decimal digit, which both `\w` match.
    Digit,
    /// A number that is a letter, such as `Ⅷ`, which both `\w` match.
    Numeral,
    /// `str.isprintable` denies it.
    Unprintable,
    /// The same, as it is younger than Unicode 14, but `\w` of `regex` 2026.11.15 matches it.
    New,
}

/// The kinds by their numbers, by which most runs are characters of ASCII, as the texts beside them
/// in the module are: that packs better.
const KINDS: [Kind; 8] = [
    Kind::Mark,
    Kind::Other,
    Kind::Letter,
    Kind::Unprintable,
    Kind::New,
    Kind::Number,
    Kind::Numeral,
    Kind::Digit,
];

/// The runs of characters of one kind from U+0080 on: of each, the number of its kind in the highest
/// three bits of a byte, and in the others one less than its length. From 31 on, what is beyond 31
/// follows in groups of seven bits, the highest first; a set top bit means that more follow. What
/// stands behind the last run is unprintable.
static RUNS: &[u8] = b"\
    \x7f\x01(@!`#\xa1 @\"\xa0@ \xa2 V ^ _\x83*#K-D&@ @0\x1fPD AaC @c!@ B`@`S`_3 _k \x06_\x81\x06`_\
    \x06`\x80@%_\x09!\x81\"`\x1f\x0d \x00 \x01 \x01 \x00\x81eZcC!p)\x0a `\"_\x0b\x14\xe9#A\x00_C @\
    \x06` \x05A\x01 \x03A\xe9B!@-a@\x00]\x1aa_9\x0a@m\xe9_\x01\x08A#@a\x00!U\x03@\x08@\x02@\x04a.`X\
    \x02a `JdW E\x80f\x80\x07_\x0a\x17`\x1f\x01_\x16\x02@\x11@\x06I\x01!\xe9 O\x02`GaAaU`F`@bCa\x00\
    @\x06a\x01a\x02@g\x00cA`B\x01a\xe9A!\xa5!@ \x00a\x02`EcAaU`F`A`A`Aa\x00`\x04c\x01a\x02b\x00fC`@\
    f\xe9\x01B\x00 i\x02`H`B`U`F`A`Da\x00@\x07`\x02`\x02a@nA\x01a\xe9!f@\x05`\x02`GaAaU`F`A`Da\x00@\
    \x06a\x01a\x02d\x81\x02cA`B\x01a\xe9 @\xa5i\x00@`EbB`CbA`@`AbAbBbKc\x04b\x02`\x03a@e\x00m\xe9\
    \xa2'd\x04G`B`V`Oa\x00@\x06`\x02`\x03f\x01`B`\x80@aA\x01a\xe9f \xa6 @\x02 G`B`V`I`Da\x00@\x06`\
    \x02`\x03f\x01d\x80A`A\x01a\xe9`A\x80k\x03H`B`_\x09\x01@\x06`\x02`\x03@ cB\x00\xa6B\x01a\xe9\
    \xa8 E`\x02`QbW`H`@aFb\x00c\x05`\x00`\x07e\xe9a\x01 k_\x10\x00A\x06c F\x07 \xe9!\x7f\x05A`@`D`W\
    `@`I\x00A\x08@aD`@`\x05\x80`\xe9aC\x7f\x00@6\x01%\xe9\xa9 \x00 \x00 \x00#\x01G`_\x04c\x13 \x01D\
    \x0a`\x1f\x04`'\x00%`,\x7f\x05_\x0b\x13@\xe9%E\x03C\x02@\x02A\x06B\x03L\x0b@\x00\xe9\x03!_\x06`\
    @d@a_\x0b _\x82-`CaF`@`Ca_\x09`Ca_\x01`CaF`@`CaN`_\x19`Ca_#a\x02(\xb3bO)e_6aEa _\x84L!P`Y!b_+\"\
    \xc2GfQ\x03hR\x02!hQ\x01kL`B`\x01k_\x14\x1f\x00\"@#@\x00a\xe9e\xa9e*\x02`\x00\xe9e_9fD\x01_\x02\
    \x00@d_&i^`\x0bc\x0bc b!\xe9]aDj_\x0ccYe\xe9\xa0b?\x02V\x04a!_\x15\x09`\x1ca\x00\xe9e\xe9e&@%a\
    \x1e\x9f\x02n\x04_\x0f\x10Gb\xe90\x08*`\x02]\x0cA\xe9_\x0c\x0dg#_\x04\x13b$\xe9bB\xe9_\x04!H\
    \x81d_\x0baB'g\x02 \x14C\x00E\x00A\x02@d_\x81 \x1f _\x81vaEa_\x06aEaG`@`@`@`^a_\x15`F @\"B`F\"C\
    aE`\"L\"aB`F!l\x81a7g.\x012\x00)p\xa0@a\xa5$@\xa9$\x80L\x82?\x01n\x1f\x01n!@#@!I @\"D%@ @ @ C J\
    !C$D#@ \xaf\xdf\x03A\xc3\xa0!c?\x84wx*t\xbf\x1c9\x1f\x14\xb5?\x84V\xbd?\x87@a?\x00`?I_\x81E%C\
    \x02Ad#\xa0!_\x06`@d@a_\x18f@ m\x00VhF`F`F`F`F`F`F`F`\x1f\x00?\x0f@?\x0e\x7f\x029`?9k?\x816y+d#\
    A\xc08\xc8\x05 D!\xc2A\"`_6a\x01!B _: Cd_\x0b`_>`!\xa3)_\x00?\x04kO>`\xa9=\xa7 \xae?\x00\xa9?\
    \x07\xae?\x82 _\xb3 ? _\x81\xacmb?\x17h_\x0e!_\x81m\"O\xe9As_\x0f\x03 \x09 ^\x01_&\xc9\x01%g6H!\
    _G!_ \x84A\x80@\x80D\x83c\x80m\x80O\x00B\x00C\x00V\x04#\x00b\xa5#e_\x14#g\x01_\x12\x11g!\xe9e\
    \x11E\"@ A\x00\xe9[\x07!V\x0cj \\b\x03_\x0f\x0d,`@\xe9c!D\x00I\xe9D`_\x09\x0dhB\x00G\x01a\xe9a#\
    V\"@\x02_\x12\x00@\x02A\x01D\x01@\x00@wB!J\x04!B\x01iEaEaEhF`F`_\x0b M!\x81a_S\x07 \x01a\xe9e_\
    \xd7\x04kVc_\x11\x7f\xc1d_\x82Na_J\x7f\x06FkDd@\x00I L`D`@`A`A`_L0o_\x82K1_ a_\x16f \x7f\x00K#\
    \x0f)e\x0f\"\x017\x02\"`2`#cD`_gc.\xe9&Y#\x00 Y*_9bEaEaEaBb&`&l!aK`Y`R`A`NaM\x7f\x02_[d\"c\xbf\
    \x0db(\xdf\x15\xa30\xa1\"`,b \x7f\x0f?\x0d\x00\x7fb\\b_\x11n\x00\xbac_\x00\xa3hS\xc0G\xc0d_\x06\
    \x04d]` _\x04cG \xc4\x7f\x0a_~a\xe9e_\x04c_\x04c_\x08g_\x14j J`N`F`A`J`N`F`Ab\x9f\x14k_\x82\x17\
    hUiGwE`_\x0a`H\x84\x7f Ea@`_\x0c`Ab@aV` \xa7V!\xa6^g\xa8\x7f\x10R`Ad\xa4U\xa5b Yd \x99\x7f\x06_\
    \x18c\xa1A\xafa\xbf\x0e@\x02`\x01d\x03C`B`\\a\x02c\x00\xa8f(f\\\xa1 \\\xa2\x7f\x00G [\x01c\xa4&\
    h_\x16b&Ua\xa7Rd\xa7Qf#k\xa6\x7f0_)\x7f\x17_\x13l_\x13f\xa5_\x04\x03g\xe9e\x9f\x06b\x84`\x96\
    \x7f\x81:\xbe`_\x0a`\x01 aAo\x85b\x84h\x95`\x8f\\\xa9@gU\x0a\xa3$uQ\x03#\x7f\x06T\xa6sVh\x02_\
    \x15\x0e&c\xb3\xe9\x00A\x01@h\x03_\x0d\x0a!`#\x00lXf\xe9e\x02_\x04\x0d`\xe9#@\x01@g_\x03\x00!@h\
    \x02_\x10\x0dC#\x03 \x01\xe9@ @\"`\xb3jQ`X\x0b%\x00\x82\x7f\x1eF`@`C`N`I e_\x0f\x0bd\xe9e\x03`G\
    aAaU`F`A`D`\x01@\x06a\x01a\x02a@e\x00dD\x01a\x06b\x04j\x89`\x80a\x80`\x9f\x06`\x89`\x80a\x80`\
    \x83`\x87l\x81|_\x15\x11C$\xe9!` \x00B}_\x10\x13A @g\xe9\x7f\x81\x06_\x0f\x06a\x086C\x01\x7f\
    \x02_\x10\x10\"@j\xe9e,r_\x0b\x0c@ e\xe9e\x93{Za\x0ec\xe9\xa1#F\x7f\x81\x19_\x0c\x0e \x7fD_ \
    \xe9\xa8kGa@aG`A`W\x05`\x01a\x03@\x00@\x01\"h\xe9\x7f&Ga_\x07\x06a\x06@ @\x00z@\x09_\x08\x06@\
    \x03'\x00g@\x0a_\x0e\x0f\"@$l_)p\x80\x7f5\x87\x7f8\x9f\x01n\x89eH`_\x05\x07`\x07@$i\xe9\xb2b!]a\
    \x15`\x0d\x7f)F`A`_\x06\x05b\x00`\x01`\x06@\x00g\xe9eE`A`_\x00\x04`\x01`\x04@f\xe9e\x9f\x0cc\
    \x89e\x81\x7f\x81NR\x03!f\x90`\x9f\x09b\x84l\x8a\x7f5@n\xb4<l _\x86z\x7fF\xdfO\x80$\x8a_\x81$k\
    \x9f\x82\x17\x7f\x91i_A!l_\x88\x0f\x80o\x95i\x9f\x9e{d_\x84'\x7f\xb5\x19\x9f\x1a\x7f\x8d&_\x84\
    \x19f^`\xe9c!_/`\xe9e]a\x04 i_\x10\x06(C!i\xe9`\xa6`TdR\x7f\x83\x10\x9f\x0db\x89\x7f\x81&_ \xb6\
    #d\x98a\x98\x7f\x0c_+c\x00@\x1f\x17f\x03L\x7f A @\x00j\x01\x84h_\xafX\x87_\x896\x84\x7f\x04\x80\
    H\x97\x7f?\x9fSl\x9f\x86rm\x9f\x13\x7f\xbb}C`F`A`_\x82\x03\x85h\x80|Ba\x80mC\x80f_\x82l\x7f\x91\
    d_KdLbHfIa \x01 \x7f\xa00\x89\x7f\x83f\x1f\x0ea\x16h?T\x7f\x1c?\x81Vi?\x07\x81?\x1c\x04\"\x05g\
    \x07!\x06=\x03?\x1dt?\"\x02 i\x82g\x81a\x80\x7f\x00\x81\x7f>\xb3k?7h\xb8\x7fg_5`_'`Aa@aAaC`K`@`\
    F`_!`CaG`F`[`C`D`@bF`_\x824\x80`X X ^ X ^ X ^ X ^ X Ga\xff\x12?\x83`\x1f\x17#\x1f\x12'\x00-\x00\
    &n\x04`\x0e\x7f\x880^\x9fCm\x86\x7f\x16\x9f\x13\x06`\x10a\x06`\x01`\x04d\x9f\x1e\x7f\x01\x80\
    \x7fP_\x0db\x06Fa\xe9c@ \x7f\x82 ]\x00p_\x0c\x03\xe9d \x7f\x830\x9f\x0a\x7f\x816\x9f\x0b\x7f\
    \x81%\x9e`\x95g\x81\x7f\x81@F`C`A`N`_\x81%a\xa8\x06\x7f\x09_$\x06@c\xe9c!\x7f\x85q\xbf\x1b \xa2\
    \x20\xa3\x7f,\xbf\x0d \xae\x7f\x81\"C`Z`A`@a@`I`C`@`@e@c@`@`@`B`A`@a@`@`@`@`@`A`@aC`F`C`C`@`I`P\
    dB`D`P\x7f\x14!\x7f\x81n?\x0cc?Dk.a.`.`?\x05i\xac?\x03\x19%\x19%\x19?\x04\x7f\x18<l?\x0cc(f!m%\
    \x7fz?\x878d/b,b?Tk?9f+c n+c?\x18g)e?\x08g=a!\x7f.?\x824k-a$b$b&h<b*d%i)e'g&h?s`?\x17\x7f\x05\
    \xe9\x7f\x87f_\x82\xcd@\x7f\x00_\xa0\x19\x86_\x81>\x80`_\xacb\x8ba_\xba\x11n\x9f\x84N\x7f\x93\
    \x02_\x83~\x7f\x8bB_\xa6+d\x9f\xc2\x0a\x7f\x82\xb6f\x9f\xd8 \x7f\xa8\x89 \x1f\x81P";

/// The run that a code point above U+007F is in: where it starts, and its kind.
fn find_run(point: u32) -> (u32, Kind) {
    let (mut start, mut runs) = (0x80, RUNS.iter());
    while let Some(&run) = runs.next() {
        let mut end = start + u32::from(run & 31) + 1;
        if run & 31 == 31 {
            let mut value = 0;
            for &byte in runs.by_ref() {
                value = value << 7 | u32::from(byte & 0x7f);
                if byte < 0x80 {
                    break;
                }
            }
            end += value;
        }
        if point < end {
            let kind = KINDS.into_iter().nth(usize::from(run >> 5));
            return (start, kind.unwrap_or(Kind::Unprintable));
        }
        start = end;
    }
    (start, Kind::Unprintable)
}

fn kind_of(character: char) -> Kind {
    match character {
        // The large scripts without a walk through the runs.
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => Kind::Letter,
        _ => find_run(u32::from(character)).1,
    }
}

/// Whether `str.isalpha` says yes to a text of this one character.
#[must_use]
pub fn is_letter(character: char) -> bool {
    match character {
        '\0'..='\x7f' => character.is_ascii_alphabetic(),
        _ => kind_of(character) == Kind::Letter,
    }
}

/// Whether `re`'s `\w` matches `character`.
#[must_use]
pub fn is_word(character: char) -> bool {
    match character {
        '\0'..='\x7f' => character.is_ascii_alphanumeric() || character == '_',
        _ => matches!(
            kind_of(character),
            Kind::Letter | Kind::Number | Kind::Digit | Kind::Numeral
        ),
    }
}

/// Whether `\w` of the package `regex` matches `character`.
pub(crate) fn is_regex_word(character: char) -> bool {
    match character {
        '\0'..='\x7f' => is_word(character),
        _ => !matches!(
            kind_of(character),
            Kind::Other | Kind::Number | Kind::Unprintable
        ),
    }
}

/// Whether an identifier of JSON5 may start with `character`: a letter, a letter number, `$` or `_`.
pub(super) fn starts_name(character: char) -> bool {
    match character {
        '\0'..='\x7f' => character.is_ascii_alphabetic() || matches!(character, '$' | '_'),
        _ => matches!(kind_of(character), Kind::Letter | Kind::Numeral),
    }
}

/// Whether an identifier of JSON5 may go on with `character`: besides, digits, marks that enclose
/// nothing, connectors and joiners.
pub(super) fn continues_name(character: char) -> bool {
    match character {
        '\0'..='\x7f' => starts_name(character) || character.is_ascii_digit(),
        '\u{200c}' | '\u{200d}' => true,
        // Marks that enclose, and circled and squared letters.
        '\u{488}'
        | '\u{489}'
        | '\u{1abe}'
        | '\u{20dd}'..='\u{20e4}'
        | '\u{24b6}'..='\u{24e9}'
        | '\u{a670}'..='\u{a672}'
        | '\u{1f130}'..='\u{1f189}' => character == '\u{20e1}',
        _ => matches!(
            kind_of(character),
            Kind::Letter | Kind::Numeral | Kind::Digit | Kind::Mark
        ),
    }
}

/// Whether `str.isprintable` holds for a code point, which may be a surrogate.
pub(super) fn is_printable(point: u32) -> bool {
    match point {
        0..0x80 => (0x20..0x7f).contains(&point),
        _ => !matches!(find_run(point).1, Kind::Unprintable | Kind::New),
    }
}

/// The value of a decimal digit of any script but ASCII's: digits stand ten by ten from a zero on.
pub(crate) fn digit_of(character: char) -> Option<u32> {
    let point = u32::from(character);
    match find_run(point) {
        (zero, Kind::Digit) => Some((point - zero) % 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_not_word_characters_and_numerals_of_every_script_are() {
        // Answers of CPython 3.11: `[bool(re.match(r"\w", c)) for c in ...]`.
        for (character, word, letter) in [
            ('a', true, true),
            ('_', true, false),
            ('-', false, false),
            ('9', true, false),
            ('\u{aa}', true, true),
            ('\u{b2}', true, false),
            ('\u{b7}', false, false),
            ('\u{e9}', true, true),
            ('\u{d7}', false, false),
            ('\u{301}', false, false),
            ('\u{345}', false, false),
            ('\u{663}', true, false),
            ('\u{93e}', false, false),
            ('\u{2160}', true, false),
            ('\u{24b6}', false, false),
            ('\u{3007}', true, false),
            ('\u{4e00}', true, true),
            ('\u{9fff}', true, true),
            ('\u{a000}', true, true),
            ('\u{1f600}', false, false),
            ('\u{1d7ce}', true, false),
            ('\u{20000}', true, true),
            ('\u{31350}', false, false),
            ('\u{10ffff}', false, false),
        ] {
            assert_eq!(is_word(character), word, "{character:?}");
            assert_eq!(is_letter(character), letter, "{character:?}");
        }
    }

    #[test]
    fn as_many_letters_and_numbers_as_python_counts_in_a_sample() {
        let sample = || {
            let codes = (0..=0x0010_ffff).step_by(61);
            codes.filter_map(char::from_u32)
        };
        assert_eq!(sample().filter(|&found| is_letter(found)).count(), 2157);
        assert_eq!(sample().filter(|&found| is_word(found)).count(), 2180);
    }

    #[test]
    fn printable_characters_and_the_words_of_regex_are_known() {
        for (point, printable) in [
            (0x20, true),
            (0x7f, false),
            (0x85, false),
            (0xa0, false),
            (0xad, false),
            (0xe9, true),
            (0x2028, false),
            (0x1f600, true),
            (0xd800, false),
            (0x0010_ffff, false),
            (0x000e_01ef, true),
        ] {
            assert_eq!(is_printable(point), printable, "{point:x}");
        }
        assert!(
            ['a', '_', '9', 'é', '中', '٣', '\u{301}', '\u{200d}']
                .into_iter()
                .all(is_regex_word)
        );
        assert!(
            !['-', '.', ' ', '😀', '\u{a0}']
                .into_iter()
                .any(is_regex_word)
        );
    }
}
