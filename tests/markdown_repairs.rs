//! What models write, and the code that a person would run: the shapes that parsers of `CommonMark`
//! miss, and one text for each limit of each repair.
#![cfg(not(target_arch = "wasm32"))]

use fencerun::markdown::{Block, Options, Repair, Repairs, extract};

fn read(text: &str) -> Vec<Block> {
    extract(text, &Options::MODEL_OUTPUT)
}

fn codes(text: &str) -> Vec<String> {
    read(text).into_iter().map(|block| block.code).collect()
}

/// Checks the codes of `text`, and that each of `repairs` fired in one of its blocks and no other.
#[track_caller]
fn assert_repaired(text: &str, expected: &[&str], repairs: &[Repair]) {
    assert_eq!(codes(text), expected, "{text:?}");
    let fired: Repairs = read(text)
        .iter()
        .flat_map(|block| block.repairs.iter())
        .collect();
    assert_eq!(fired, repairs.iter().copied().collect(), "{text:?}");
}

/// Checks that no repair fires in `text`.
#[track_caller]
fn assert_unrepaired(text: &str) {
    assert_eq!(read(text), extract(text, &Options::default()), "{text:?}");
}

#[test]
fn all_shapes_of_the_battery_give_the_code_a_person_would_run() {
    let shapes: serde_json::Value =
        serde_json::from_str(include_str!("vectors/shapes.json")).unwrap();
    let shapes = shapes.as_array().unwrap();
    assert_eq!(shapes.len(), 17);
    for shape in shapes {
        let field = |name: &str| shape[name].as_str().unwrap().to_owned();
        let code = codes(&field("text")).concat();
        let code = code.strip_suffix('\n').unwrap_or(&code);
        assert_eq!(
            code,
            field("code"),
            "{}: {:?}",
            field("name"),
            field("text")
        );
    }
}

#[test]
fn more_shapes_from_reports_and_by_thought_give_their_code() {
    let shapes: serde_json::Value =
        serde_json::from_str(include_str!("vectors/model-shapes.json")).unwrap();
    for shape in shapes.as_array().unwrap() {
        let text = shape["text"].as_str().unwrap();
        let expected = shape["codes"].as_array().unwrap().iter();
        let expected: Vec<_> = expected.map(|code| code.as_str().unwrap()).collect();
        assert_eq!(codes(text), expected, "{}: {text:?}", shape["name"]);
    }
}

#[test]
fn an_opening_fence_glued_to_prose_opens() {
    let fired = &[Repair::GluedOpening];
    assert_repaired("Here:```python\nprint(1)\n```\n", &["print(1)\n"], fired);
    assert_repaired("Here: ```python\nprint(1)\n```\nso", &["print(1)\n"], fired);
    assert_repaired("a\nb:```\nprint(1)\n```\n", &["print(1)\n"], fired);
    assert_repaired("> Here:```py\n> a\n> ```\n", &["a\n"], fired);
    assert_repaired("1. Here:```py\n   a\n   ```\n", &["a\n"], fired);
    assert_repaired("Use ```x``` so:```js\na\n```\n", &["a\n"], fired);
}

#[test]
fn prose_that_mentions_a_fence_does_not_open() {
    assert_unrepaired("Fences are ```\ntext\n");
    assert_unrepaired("Write ```foo\ntext\n");
    assert_unrepaired("Write \\```python\ntext\n");
    assert_unrepaired("From ``` to ```python\ntext\n");
    assert_unrepaired("Inline ```code```\ntext\n");
    assert_unrepaired("# Heading:```python\ntext\n");
    assert_unrepaired("So ```python is a tag\n");
}

#[test]
fn a_closing_fence_glued_to_code_closes() {
    let fired = &[Repair::GluedClosing];
    assert_repaired("```python\nprint(1)```\nThe answer", &["print(1)"], fired);
    assert_repaired(
        "```python\na\nprint(1) ```  \nb\n",
        &["a\nprint(1) "],
        fired,
    );
    assert_repaired("```js\nf()````\nb\n", &["f()"], fired);
    assert_repaired("> ```\n> a```\n> b\n", &["a"], fired);
}

#[test]
fn a_run_that_belongs_to_the_code_does_not_close() {
    assert_unrepaired("````\na```\n````\n");
    assert_unrepaired("```md\nan ```inline``` span\n```\n");
    assert_unrepaired("```md\nends with ```span```\n```\n");
    assert_unrepaired("```python\ns = '''a\nb```\n'''\n```\n");
    assert_unrepaired("~~~\na```\n~~~\n");
    assert_unrepaired("```python\ns = 'a```\n```\n");
}

#[test]
fn a_closing_fence_with_text_after_it_closes() {
    let fired = &[Repair::TextAfterClosing];
    assert_repaired("```python\nprint(1)\n``` done\nb\n", &["print(1)\n"], fired);
    assert_repaired(
        "```python\na\n``` The end.\n```python\nb\n```\n",
        &["a\n", "b\n"],
        fired,
    );
    assert_repaired("```py\na\n```</answer>\nb\n", &["a\n"], fired);
    assert_repaired("```py\na\n```<end_code>", &["a\n"], fired);
    assert_eq!(read("```\na\n``` b\n")[0].span.end, 9);
}

#[test]
fn a_fence_with_a_tag_is_no_closing_fence() {
    assert_unrepaired("```\na\n``` python\nb\n```\n");
    assert_unrepaired("```\na\n```done\nb\n```\n");
    assert_unrepaired("````\na\n``` done\nb\n````\n");
    assert_unrepaired("```\na\n``` `b`\n```\n");
}

#[test]
fn a_block_on_one_line_is_a_block() {
    let fired = &[Repair::OneLine];
    assert_repaired("```python print(1)```", &["print(1)"], fired);
    assert_repaired("So\n```json {\"a\": 1}```\nb", &["{\"a\": 1}"], fired);
    assert_repaired("> ````py a````\n", &["a"], fired);
    assert_eq!(
        read("```python print(1)```")[0].lang.as_deref(),
        Some("python")
    );
    assert!(read("```python print(1)```")[0].closed);
}

#[test]
fn an_inline_code_span_is_no_block() {
    assert_unrepaired("```print(1)```\n");
    assert_unrepaired("```print (1)```\n");
    assert_unrepaired("```python```\n");
    assert_unrepaired("```python a``` b\n");
    assert_unrepaired("```python a````\n");
    assert_unrepaired("a ```python b```\n");
    assert_unrepaired("    ```python b```\n");
}

#[test]
fn a_fence_in_a_python_string_is_part_of_the_string() {
    let fired = &[Repair::FenceInString];
    let code = "s = \"\"\"\n```\ninner\n```\n\"\"\"\nprint(s)\n";
    assert_repaired(&format!("```python\n{code}```\nb\n"), &[code], fired);
    assert_repaired(&format!("```python\n{code}"), &[code], fired);
    assert_repaired(
        "> ```py\n> '''\n> ```\n> '''\n> ```\n",
        &["'''\n```\n'''\n"],
        fired,
    );
}

#[test]
fn a_string_that_is_never_closed_holds_no_fence() {
    assert_unrepaired("```python\ns = \"\"\"\n```\ninner\n```\nb\n```\n");
    assert_unrepaired("> ```python\n> s = '''\n> ```\n> b\n\n'''\n```\n```\n");
    assert_unrepaired("```js\ns = '''\n```\n'''\n```\nb\n```\n");
    assert_unrepaired("```python\n# it's '''\n```\n'''\n```\nb\n```\n");
}

#[test]
fn a_nested_block_closes_first() {
    let fired = &[Repair::NestedFence];
    let code = "# Title\n```python\na\n```\nmore\n";
    assert_repaired(&format!("```markdown\n{code}```\nb\n"), &[code], fired);
    let code = "cat > a.md <<EOF\n```js\na\n```\n\n```\nb\n```\nEOF\n";
    assert_eq!(
        codes(&format!("```bash\n{code}```\n"))[0],
        "cat > a.md <<EOF\n```js\na\n```\n\n"
    );
}

#[test]
fn an_outer_block_that_is_never_closed_has_no_nested_one() {
    assert_unrepaired("```md\na\n```python\nb\n```\nprose\n");
    assert_unrepaired("```md\na\n```python\nb\n```\nprose\n```python\nc\n```\nprose\n");
    assert_unrepaired("> ```md\n> ```py\n> a\n> ```\n\nprose\n```\nb\n```\n");
    assert_unrepaired("````md\n```py\na\n```\n````\n");
    assert_unrepaired("```python\na\n```js\nb\n```\nprose\n```\nc\n```\n");
}

#[test]
fn code_in_a_list_item_need_not_be_indented_like_the_item() {
    let fired = &[Repair::DedentedCode];
    assert_repaired(
        "1. Run:\n   ```python\nprint(1)\n   ```\n",
        &["print(1)\n"],
        fired,
    );
    assert_repaired(
        "1. ```py\ndef f():\n    return 1\n```\nso\n",
        &["def f():\n    return 1\n"],
        fired,
    );
    assert_repaired("- ```py\n  a\n```\nprose\n", &["a\n"], fired);
    assert_repaired(
        "- - ```py\na\n\nb\n    ```\n  - ```\n    c\n    ```\n",
        &["a\n\nb\n", "c\n"],
        fired,
    );
    assert_repaired("> - ```py\n> a\n> ```\n> b\n", &["a\n"], fired);
}

#[test]
fn a_block_that_its_list_item_ends_is_not_dedented() {
    assert_unrepaired("- ```py\n  a\n- b\n\n```\nc\n```\n");
    assert_unrepaired("- ```py\n  a\n\nprose\n\n```py\nc\n```\n");
    assert_unrepaired("- ```py\n  a\n\nprose\n1. b\n```\nc\n```\n");
    assert_unrepaired("> - ```py\n> a\n\n```\nb\n```\n");
    assert_unrepaired("> ```py\na\n```\n");
    assert_unrepaired("- ```py\na\n");
}

#[test]
fn a_fence_after_a_line_that_is_a_tag_opens() {
    let fired = &[Repair::FenceInHtml];
    assert_repaired("<think>\n```\na\n```\n</think>\n", &["a\n"], fired);
    assert_repaired("> <answer>\n> so\n> ~~~ x\n> a\n> ~~~\n", &["a\n"], fired);
    assert_repaired("<div>\n```py\na\n```\n</div>\n", &["a\n"], fired);
}

#[test]
fn html_hides_other_fences() {
    assert_unrepaired("<div>\n```\na\n```\n</div>\n");
    assert_unrepaired("<pre>\n```py\na\n```\n</pre>\n");
    assert_unrepaired("<!-- a\n```py\na\n```\n-->\n");
    assert_unrepaired("<think>\n\n```py\na\n```\n");
}

#[test]
fn a_tag_in_braces_is_the_language() {
    for (info, lang) in [
        ("{python}", "python"),
        ("{.python .numberLines}", "python"),
        ("{r, echo=FALSE}", "r"),
        ("{ python }", "python"),
        ("{key=value}", "{key=value}"),
        ("{}", "{}"),
        ("python {.x}", "python"),
    ] {
        let block = read(&format!("```{info}\na\n```\n")).remove(0);
        assert_eq!(block.lang.as_deref(), Some(lang), "{info}");
        assert_eq!(block.info, info);
    }
}

#[test]
fn a_closing_fence_that_the_end_of_the_text_cuts_short_is_no_code() {
    assert_repaired("```python\na\n``", &["a\n"], &[Repair::CutClosing]);
    assert_repaired("````\na\n  ```", &["a\n"], &[Repair::CutClosing]);
    assert!(!read("```python\na\n``")[0].closed);
    assert_unrepaired("```python\na\n``\n");
    assert_unrepaired("```python\na\n`");
    assert_unrepaired("```python\na\n~~");
}

#[test]
fn a_block_that_is_not_closed_is_still_a_block() {
    let block = read("ok\n```python\nprint(1)\nprint(2)").remove(0);
    assert_eq!(
        (block.code.as_str(), block.closed),
        ("print(1)\nprint(2)", false)
    );
    assert!(block.repairs.is_empty());
}
