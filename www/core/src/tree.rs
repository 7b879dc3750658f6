//! Markdown in, a tree of a closed set of elements out.

use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
};

/// A node of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Text, to be shown as it is.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// The name: one of HTML's, or `math` or `mathblock` for formulas.
    pub name: &'static str,
    /// What the name alone does not say: the address of an `a`, the language of a `pre`, the first number of an `ol`, the alignment
    /// of a `td` or `th`, `checked` of an `input`.
    pub detail: Option<String>,
    /// What is inside.
    pub children: Vec<Node>,
}

impl Element {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            detail: None,
            children: Vec::new(),
        }
    }

    fn with_detail(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..Self::new(name)
        }
    }

    fn push(&mut self, node: Node) {
        // Neighbouring texts are one, as in the text itself.
        match (self.children.last_mut(), node) {
            (Some(Node::Text(last)), Node::Text(text)) => last.push_str(&text),
            (_, node) => self.children.push(node),
        }
    }
}

/// The deepest nesting that becomes elements; what is deeper is shown flat.
const MAX_DEPTH: usize = 60;

/// Reads Markdown (CommonMark with tables, strikethrough, task lists and math) into a tree. HTML in it is text; an image is a link.
///
/// # Complexity
///
/// Linear in the length of the text.
///
/// # Examples
///
/// ```
/// use fencerun_viewer_core::tree::{Node, read_markdown};
/// let tree = read_markdown("<b>x</b>");
/// assert!(matches!(&tree[..], [Node::Element(p)] if p.children == [Node::Text("<b>x</b>".into())]));
/// ```
#[must_use]
pub fn read_markdown(text: &str) -> Vec<Node> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH;
    let mut builder = Builder::default();
    for event in Parser::new_ext(text, options) {
        builder.take(event);
    }
    builder.finish()
}

#[derive(Debug)]
struct Builder {
    root: Element,
    open: Vec<Element>,
    /// How many elements were opened and not kept, being too deep.
    flattened: usize,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            root: Element::new("div"),
            open: Vec::new(),
            flattened: 0,
            alignments: Vec::new(),
            column: 0,
            in_head: false,
        }
    }
}

impl Builder {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(end),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::FootnoteReference(text) => self.text(text),
            Event::Code(text) => self.leaf("code", text),
            Event::InlineMath(text) => self.leaf("math", text),
            Event::DisplayMath(text) => self.leaf("mathblock", text),
            Event::SoftBreak => self.text(CowStr::Borrowed("\n")),
            Event::HardBreak => self.push(Node::Element(Element::new("br"))),
            Event::Rule => self.push(Node::Element(Element::new("hr"))),
            Event::TaskListMarker(checked) => self.push(Node::Element(if checked {
                Element::with_detail("input", "checked")
            } else {
                Element::new("input")
            })),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let element = self.element_of(tag);
        if self.open.len() >= MAX_DEPTH {
            self.flattened += 1;
        } else {
            self.open.push(element);
        }
    }

    fn element_of(&mut self, tag: Tag<'_>) -> Element {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => Element::new("p"),
            Tag::Heading { level, .. } => Element::new(name_heading(level)),
            Tag::BlockQuote(_) => Element::new("blockquote"),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                let lang = info.split_whitespace().next().unwrap_or_default();
                Element::with_detail("pre", lang)
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => Element::new("pre"),
            Tag::List(Some(first)) => Element::with_detail("ol", first.to_string()),
            Tag::List(None) => Element::new("ul"),
            Tag::Item => Element::new("li"),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                Element::new("table")
            }
            Tag::TableHead => {
                (self.column, self.in_head) = (0, true);
                Element::new("tr")
            }
            Tag::TableRow => {
                (self.column, self.in_head) = (0, false);
                Element::new("tr")
            }
            Tag::TableCell => {
                let name = if self.in_head { "th" } else { "td" };
                let alignment = self.alignments.get(self.column).copied();
                self.column += 1;
                match alignment {
                    Some(Alignment::Left) => Element::with_detail(name, "left"),
                    Some(Alignment::Center) => Element::with_detail(name, "center"),
                    Some(Alignment::Right) => Element::with_detail(name, "right"),
                    Some(Alignment::None) | None => Element::new(name),
                }
            }
            Tag::Emphasis => Element::new("em"),
            Tag::Strong => Element::new("strong"),
            Tag::Strikethrough => Element::new("del"),
            Tag::Superscript => Element::new("sup"),
            Tag::Subscript => Element::new("sub"),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => read_link(&dest_url),
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => Element::new("div"),
        }
    }

    fn end(&mut self, _end: TagEnd) {
        if self.flattened > 0 {
            self.flattened -= 1;
        } else if let Some(element) = self.open.pop() {
            self.push(Node::Element(element));
        }
    }

    fn leaf(&mut self, name: &'static str, text: CowStr<'_>) {
        let mut element = Element::new(name);
        element.push(Node::Text(text.into_string()));
        self.push(Node::Element(element));
    }

    fn text(&mut self, text: CowStr<'_>) {
        self.push(Node::Text(text.into_string()));
    }

    fn push(&mut self, node: Node) {
        self.open.last_mut().unwrap_or(&mut self.root).push(node);
    }

    fn finish(mut self) -> Vec<Node> {
        while let Some(element) = self.open.pop() {
            self.push(Node::Element(element));
        }
        self.root.children
    }
}

const fn name_heading(level: HeadingLevel) -> &'static str {
    match level {
        HeadingLevel::H1 => "h1",
        HeadingLevel::H2 => "h2",
        HeadingLevel::H3 => "h3",
        HeadingLevel::H4 => "h4",
        HeadingLevel::H5 => "h5",
        HeadingLevel::H6 => "h6",
    }
}

/// A link that can be followed when its address begins with a scheme that only leads to pages and mail; else a `span`.
fn read_link(address: &str) -> Element {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme);
    let is_safe = scheme.is_some_and(|scheme| {
        ["http", "https", "mailto"]
            .iter()
            .any(|safe| scheme.eq_ignore_ascii_case(safe))
    });
    if is_safe {
        Element::with_detail("a", address)
    } else {
        Element::with_detail("span", address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as text, `name{detail}(children)`, to compare at a glance.
    fn show(nodes: &[Node]) -> String {
        let show_one = |node: &Node| match node {
            Node::Text(text) => format!("{text:?}"),
            Node::Element(element) => {
                let detail = element.detail.as_ref();
                let detail = detail.map_or_else(String::new, |detail| format!("{{{detail}}}"));
                format!("{}{detail}({})", element.name, show(&element.children))
            }
        };
        nodes.iter().map(show_one).collect::<Vec<_>>().join(" ")
    }

    fn read(text: &str) -> String {
        show(&read_markdown(text))
    }

    #[test]
    fn prose_becomes_elements() {
        assert_eq!(
            read("# A *b*\n\nc `d`\n\n1. x\n2. y"),
            "h1(\"A \" em(\"b\")) p(\"c \" code(\"d\")) ol{1}(li(\"x\") li(\"y\"))"
        );
    }

    #[test]
    fn a_table_keeps_its_alignment() {
        assert_eq!(
            read("|a|b|\n|:-|-:|\n|1|2|\n"),
            "table(tr(th{left}(\"a\") th{right}(\"b\")) tr(td{left}(\"1\") td{right}(\"2\")))"
        );
    }

    #[test]
    fn html_stays_text() {
        assert_eq!(
            read("a <img src=x onerror=alert(1)>\n\n<script>\nalert(1)\n</script>\n"),
            "p(\"a <img src=x onerror=alert(1)>\") p(\"<script>\\nalert(1)\\n</script>\\n\")"
        );
    }

    #[test]
    fn only_pages_and_mail_can_be_followed() {
        assert_eq!(read("[a](https://x.y)"), "p(a{https://x.y}(\"a\"))");
        assert_eq!(
            read("[a](JavaScript:alert(1))"),
            "p(span{JavaScript:alert(1)}(\"a\"))"
        );
        assert_eq!(
            read("[a](data:text/html,x)"),
            "p(span{data:text/html,x}(\"a\"))"
        );
        assert_eq!(
            read("![a](http://x.y/z.png)"),
            "p(a{http://x.y/z.png}(\"a\"))"
        );
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let text = format!("{}x", "> ".repeat(5000));
        let mut depth = 0;
        let mut nodes = read_markdown(&text);
        while let Some(Node::Element(element)) = nodes.pop() {
            depth += 1;
            nodes = element.children;
        }
        assert!(depth <= MAX_DEPTH, "{depth}");
    }

    #[test]
    fn formulas_are_marked() {
        assert_eq!(read("$x^2$"), "p(math(\"x^2\"))");
        assert_eq!(read("$$y$$"), "p(mathblock(\"y\"))");
    }
}
