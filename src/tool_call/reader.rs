//! The walk that all formats share. In go a text and a [`Format`], which says what the marks of its
//! calls are; out come the calls and the text for the reader. What only one format does, its own
//! file knows.

use super::scan::{Cut, Element, Mark, elements, find, slice, without};
use super::{Exception, Format, Options, Parsed, ToolCall, robust};
use crate::python::json::loads;
use crate::python::json_write::{Escape, dumps};
use crate::python::repair::Repairs;
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
    Body(fn(&mut Reader<'_>, Element) -> Result<(), Exception>),
}

/// Reads the value of one argument.
pub(super) type ReadValue = fn(&mut Reader<'_>, Element) -> Result<Value, Exception>;

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

/// A text while its calls are read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) format: &'a Format,
    pub(super) options: &'a Options,
    cut: &'a Cut,
    pub(super) parsed: Parsed,
    /// Where the calls stand in the text.
    found: Vec<Span>,
    /// The name of the call that is read now.
    pub(super) name: &'a str,
    /// Where it stands in the text as it was given.
    span: Span,
    /// The identifier that the model gave it.
    pub(super) id: Option<String>,
    pub(super) repairs: Repairs,
}

impl Format {
    pub(super) fn read(&self, text: &str, options: &Options) -> Parsed {
        let mut cut = Cut::new(text);
        let mut pad_token = options.pad_token.as_deref();
        for (open, close) in self.left_out {
            cut.leave_out_pairs(pad_token.take().unwrap_or(open), close);
        }
        let mut reader = Reader {
            text: &cut.text,
            format: self,
            options,
            cut: &cut,
            parsed: Parsed::default(),
            found: Vec::new(),
            name: "",
            span: Span::new(0, 0),
            id: None,
            repairs: Repairs::default(),
        };
        (self.parse)(&mut reader);
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
        self.span = self.cut.original(call.span);
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
            self.parsed.raised = Some(exception).filter(|_| ends_all && self.format.raises);
        }
    }

    /// The arguments in a part of the text.
    pub(super) fn read_elements(
        &mut self,
        within: Span,
        mark: &Mark<'_>,
        read: ReadValue,
    ) -> Result<Value, Exception> {
        let mut arguments = DictBuilder::default();
        for element in elements(self.text, within, mark) {
            let value = read(self, element)?;
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
    pub(super) fn read_json(&mut self, json: &str) -> Result<Value, Exception> {
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
        self.parsed.calls.push(ToolCall::Call {
            name,
            arguments,
            id: self.id.take(),
            span: self.span,
            repairs: self.repairs,
        });
    }

    /// Adds a call that cannot be read.
    #[inline(never)]
    pub(super) fn fail(&mut self, reason: PythonString) {
        let reply = self
            .format
            .reply
            .map(|before| PythonString::concat(&[before.as_bytes(), reason.as_bytes()]));
        self.parsed.calls.push(ToolCall::Unreadable {
            reason,
            reply,
            span: self.span,
        });
    }
}
