//! Deliveries of chosen points, and a reader of Protocol Buffers that knows fields by their numbers.

use std::collections::HashMap;
use std::sync::Arc;

use allwell::aggregate::Sampler;
use allwell::metric::{Batch, Declared, Descriptor, Kind, Limits, UnitName};
use allwell::output::Delivery;
use allwell::output::otlp::{Encoder, EncodingOptions};

pub(crate) const fn metric(name: &'static str, kind: Kind) -> Descriptor {
    let declared = Declared::Metric { kind, unit: UnitName { name: "byte", per: "" } };
    Descriptor { declared, ..Descriptor::service_check(name, "A metric.") }
}

/// An instance whose runs are told one by one.
pub(crate) struct Instance {
    sampler: Sampler,
    id: &'static str,
}

impl Instance {
    pub(crate) fn new(id: &'static str) -> Self {
        Self { sampler: Sampler::new(), id }
    }

    /// A run that ends at a time, with samples: a tag, a metric and a value.
    pub(crate) fn run(
        &mut self,
        time: i64,
        samples: &[(&str, &'static Descriptor, f64)],
    ) -> Arc<Delivery> {
        let mut batch = Batch::new([""; 0], Limits::default());
        for (tag, metric, value) in samples {
            let mut emitter = batch.emitter();
            let mut record = emitter.record();
            record.tag("t", *tag);
            record.samples().sample(metric, *value);
        }
        self.sampler.add(&batch, time as f64);
        let flush = self.sampler.commit(time as f64);
        Arc::new(Delivery {
            check: "check",
            instance: self.id.into(),
            host: Some("host".into()),
            time: time as f64,
            tags: Arc::default(),
            series: flush.series,
            sketches: flush.sketches,
            service_checks: Vec::new(),
            events: Vec::new(),
            logs: Vec::new(),
        })
    }
}

pub(crate) fn encoder(options: &EncodingOptions, began: i64) -> Encoder {
    Encoder::new(options, Arc::default(), HashMap::new(), began)
}

/// A message as its fields.
#[derive(Debug, Clone)]
pub(crate) struct Message(Vec<(u32, Value)>);

#[derive(Debug, Clone)]
enum Value {
    Number(u64),
    Bytes(Vec<u8>),
}

impl Message {
    pub(crate) fn read(mut bytes: &[u8]) -> Self {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let key = varint(&mut bytes);
            let value = match key & 7 {
                0 => Value::Number(varint(&mut bytes)),
                1 => Value::Number(u64::from_le_bytes(take(&mut bytes, 8).try_into().unwrap())),
                2 => {
                    let length = varint(&mut bytes);
                    Value::Bytes(take(&mut bytes, usize::try_from(length).unwrap()).to_vec())
                }
                other => panic!("wire type {other}"),
            };
            fields.push((u32::try_from(key >> 3).unwrap(), value));
        }
        Self(fields)
    }

    /// The messages at the end of a path of fields.
    pub(crate) fn all(&self, path: &[u32]) -> Vec<Self> {
        let Some((field, rest)) = path.split_first() else { return vec![self.clone()] };
        let within = self.0.iter().filter(|(number, _)| number == field);
        let within = within.map(|(_, value)| match value {
            Value::Bytes(bytes) => Self::read(bytes),
            Value::Number(_) => panic!("field {field} is a number"),
        });
        within.flat_map(|message| message.all(rest)).collect()
    }

    pub(crate) fn number(&self, field: u32) -> Option<u64> {
        self.0.iter().find_map(|(number, value)| match value {
            Value::Number(value) if *number == field => Some(*value),
            _ => None,
        })
    }

    pub(crate) fn double(&self, field: u32) -> Option<f64> {
        self.number(field).map(f64::from_bits)
    }

    pub(crate) fn signed(&self, field: u32) -> i64 {
        let zigzag = self.number(field).unwrap_or_default();
        (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed()
    }

    pub(crate) fn bytes(&self, field: u32) -> Option<&[u8]> {
        self.0.iter().find_map(|(number, value)| match value {
            Value::Bytes(bytes) if *number == field => Some(&bytes[..]),
            _ => None,
        })
    }

    pub(crate) fn text(&self, field: u32) -> String {
        String::from_utf8(self.bytes(field).unwrap_or_default().to_vec()).unwrap()
    }

    /// The numbers of a packed list.
    pub(crate) fn packed(&self, field: u32) -> Vec<u64> {
        let mut bytes = self.bytes(field).unwrap_or_default();
        let mut numbers = Vec::new();
        while !bytes.is_empty() {
            numbers.push(varint(&mut bytes));
        }
        numbers
    }
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return number;
        }
    }
    panic!("a number without an end");
}

fn take<'b>(bytes: &mut &'b [u8], length: usize) -> &'b [u8] {
    let (taken, rest) = bytes.split_at(length);
    *bytes = rest;
    taken
}
