//! The walk that all formats share. In go a text and a [`Format`], which says what the marks of its
//! calls are; out come the calls and the text for the reader. What only one format does, its own
//! file knows.

use super::scan::{Cut, Element, Mark, elements, find, slice, without};
use super::{Exception, Format, Options, Parsed, ToolCall, robust};
use crate::python::json::{JsonError, loads};
use crate::python::json_write::{Escape, dumps};
use crate::python::repair::{Repair, Repairs};
use crate::python::string::PythonString;
use crate::python::text::{strip, text_to};
use crate::python::value::{DictBuilder, Value};
use crate::span::Span;

/// How the arguments of a call stand in its body.
#[derive(Debug)]
pub(super) enum Arguments {
    /// Each is an element of this kind, whose value the function reads.
    Elements(Mark<'static>, ReadValue),
    /// The function reads them all, and adds the call if there is one.
    Body(fn(&mut Reader<'_>, Element) -> Read),
}

/// What is read, or what the original raises. That is rare, and in a box it makes no result larger.
pub(super) type Read<T = ()> = Result<T, Box<Exception>>;

/// What is raised instead of a result: a template for its text, and what stands in it.
#[inline(never)]
#[expect(
    clippy::unnecessary_box_returns,
    reason = "all results hold it in a box"
)]
pub(super) fn fail(type_name: &'static str, template: &str, parts: &[&str]) -> Box<Exception> {
    Box::new(Exception::new(type_name, template, parts))
}

/// The value of a JSON text, if it is one.
#[inline(never)]
pub(super) fn read_json(json: &str) -> Option<Value> {
    loads(json).ok()
}

impl From<JsonError> for Box<Exception> {
    fn from(error: JsonError) -> Self {
        Self::new(error.into())
    }
}

/// Reads the value of one argument, given its text; where that is `None` it is the text.
pub(super) type ReadValue = fn(&mut Reader<'_>, Element, &mut &str) -> Read<Option<Value>>;

/// What the framework keeps beside the calls.
#[derive(Debug)]
pub(super) enum Content {
    /// The whole text.
    All,
    /// What stands outside of the calls.
    Outside,
    /// What stands before the first such mark.
    Before(&'static str),
    /// The same, where there is a call; else all.
    BeforeCalls(&'static str),
}

/// What the robust option knows of a text before its calls are read, at places of the original.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    /// The calls inside of thinking, in order.
    pub(super) in_thinking: &'a [Span],
    /// Where the call starts that the text ends in.
    pub(super) open: usize,
    /// Whether that call lacks more than its end.
    pub(super) is_truncated: bool,
}

impl Known<'_> {
    pub(super) const NOTHING: Self = Self {
        in_thinking: &[],
        open: usize::MAX,
        is_truncated: false,
    };
}

/// A text while its calls are read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) format: &'a Format,
    pub(super) options: &'a Options,
    cut: &'a Cut,
    known: Known<'a>,
    pub(super) parsed: Parsed,
    /// Where the calls stand in the text.
    pub(super) found: Vec<Span>,
    /// The name of the call that is read now.
    pub(super) name: &'a str,
    /// Where it stands in the text as it was given.
    pub(super) span: Span,
    pub(super) repairs: Repairs,
    /// What is wrong with the first call that cannot be read.
    pub(super) failure: Option<PythonString>,
}

impl Format {
    pub(super) fn read(&self, cut: &mut Cut, known: Known<'_>, options: &Options) -> Parsed {
        let mut pad_token = options.pad_token.as_deref();
        for (open, close) in self.left_out {
            cut.leave_out_pairs(pad_token.take().unwrap_or(open), close);
        }
        let mut reader = Reader {
            text: &cut.text,
            format: self,
            options,
            cut,
            known,
            parsed: Parsed::default(),
            found: Vec::new(),
            name: "",
            span: Span::new(0, 0),
            repairs: Repairs::default(),
            failure: None,
        };
        (self.parse)(&mut reader);
        reader.tell_thinking(known.open);
        if known.is_truncated {
            let span = Span::new(known.open, cut.whole);
            reader.parsed.calls.push(ToolCall::Truncated { span });
        }
        reader.tell_thinking(usize::MAX);
        reader.parsed
    }
}

impl<'a> Reader<'a> {
    /// Reads all calls as the row of the format says.
    pub(super) fn walk(&mut self) {
        let Format {
            needs,
            marks,
            arguments,
            content,
            ..
        } = self.format;
        let first = |mark| find(self.text, mark, 0);
        let content = if first(needs).is_none() {
            &Content::All
        } else {
            self.read_calls(Span::new(0, self.text.len()), marks, arguments);
            content
        };
        let before = match content {
            Content::Before(mark) => find(self.text, mark, 0),
            Content::BeforeCalls(mark) if !self.found.is_empty() => find(self.text, mark, 0),
            _ => None,
        };
        self.parsed.content = match content {
            Content::Outside => without(self.text, &self.found),
            _ => text_to(self.text, before.unwrap_or(self.text.len())).to_owned(),
        };
    }

    /// Reads the calls of a part: the elements of the last of the marks, in those of the others.
    pub(super) fn read_calls(&mut self, within: Span, marks: &[Mark<'_>], arguments: &Arguments) {
        let Some((mark, inner)) = marks.split_first() else {
            return;
        };
        for element in elements(self.text, within, mark) {
            if inner.is_empty() {
                self.read_call(element, arguments);
            } else {
                self.read_calls(element.body, inner, arguments);
            }
            if self.parsed.raised.is_some() || inner.is_empty() && self.format.reads_first {
                break;
            }
        }
    }

    fn read_call(&mut self, call: Element, arguments: &Arguments) {
        self.found.push(call.span);
        self.stand_at(call.span);
        self.name = self.part(call.name);
        self.repairs = Repairs::default();
        let read = match arguments {
            Arguments::Body(read) => read(self, call),
            Arguments::Elements(mark, read) => self
                .read_elements(call.body, mark, *read)
                .map(|arguments| self.add(self.name.into(), arguments)),
        };
        if let Err(exception) = read {
            self.fail(exception.message.clone());
            let ends_all = exception.type_name != "JSONDecodeError" && !self.options.robust;
            self.parsed.raised = (ends_all && self.format.raises).then_some(*exception);
        }
    }

    /// Notes where the call stands that is read now.
    pub(super) fn stand_at(&mut self, span: Span) {
        self.span = self.cut.original(span);
    }

    /// The arguments in a part of the text.
    pub(super) fn read_elements(
        &mut self,
        within: Span,
        mark: &Mark<'_>,
        read: ReadValue,
    ) -> Read<Value> {
        let mut arguments = DictBuilder::default();
        for element in elements(self.text, within, mark) {
            let mut text = self.part(element.body);
            let value = read(self, element, &mut text)?.unwrap_or_else(|| text.into());
            arguments.insert_text(self.part(element.name).into(), value);
        }
        Ok(arguments.build())
    }

    /// What stands at a span, without the white space around it where the format cuts it off.
    #[inline(never)]
    pub(super) fn part(&self, span: Span) -> &'a str {
        let part = slice(self.text, span);
        if self.format.strips {
            strip(part)
        } else {
            part
        }
    }

    /// A JSON text, repaired where the options say so.
    #[inline(never)]
    pub(super) fn read_json(&mut self, json: &str) -> Read<Value> {
        loads(json).or_else(|error| {
            let repaired = self
                .options
                .robust
                .then(|| robust::read_json(json, &mut self.repairs));
            repaired.flatten().ok_or_else(|| error.into())
        })
    }

    /// Adds the call that is read, with arguments that are yet to be written as JSON.
    #[inline(never)]
    pub(super) fn add(&mut self, name: Value, arguments: Value) {
        match dumps(&arguments, Escape::Nothing) {
            Ok(arguments) => self.add_written(name, arguments),
            Err(error) => self.fail(error.message().into()),
        }
    }

    pub(super) fn add_written(&mut self, name: Value, arguments: PythonString) {
        if self.span.end > self.known.open {
            self.repairs.add(Repair::MissingEnd);
        }
        let id = self.format.id.map(|id| id(self, &name));
        self.push(ToolCall::Call {
            name,
            arguments,
            id,
            span: self.span,
            repairs: self.repairs,
        });
    }

    /// Adds a call that cannot be read.
    #[inline(never)]
    pub(super) fn fail(&mut self, reason: PythonString) {
        let template = self.format.reply;
        let reply = template.map(|template| PythonString::fill(template, &[reason.as_bytes()]));
        self.failure.get_or_insert_with(|| reason.clone());
        self.push(ToolCall::Unreadable {
            reason,
            reply,
            span: self.span,
        });
    }

    /// Adds a call, unless it is the one that is cut off.
    pub(super) fn push(&mut self, call: ToolCall) {
        if !self.known.is_truncated || self.span.end <= self.known.open {
            self.tell_thinking(self.span.start);
            self.parsed.calls.push(call);
        }
    }

    /// Adds the calls inside of thinking that start before a place.
    fn tell_thinking(&mut self, place: usize) {
        while let Some((&span, rest)) = self.known.in_thinking.split_first()
            && span.start < place
        {
            self.parsed.calls.push(ToolCall::InThinking { span });
            self.known.in_thinking = rest;
        }
    }
}
