//! Tables in columns: their rows in batches, to read articles from and to keep.

use std::error::Error;
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, LargeStringArray, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{DataType, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelector,
};
use parquet::file::metadata::KeyValue;

use super::files::Source;
use super::packing::Packing;
use super::pieces::PIECE;
use super::record::{Fields, Record, no_column};
use super::spool;

/// The most rows of a batch.
const ROWS: usize = 256;

/// The file of a source, unpacked and such that any part of it can be read, which needs a copy of
/// some.
pub fn whole_file(source: &Source, folder: &Path) -> io::Result<File> {
    if source.packing == Packing::None && source.state.is_some() {
        return File::open(&source.path);
    }
    let mut copy = spool::temporary(folder)?;
    io::copy(&mut source.open()?, &mut copy)?;
    copy.seek(SeekFrom::Start(0))?;
    Ok(copy)
}

/// A file, of which the columns are known.
#[derive(Debug)]
pub struct Parquet {
    file: File,
    metadata: ArrowReaderMetadata,
    /// Rows to read at once.
    batch: usize,
}

impl Parquet {
    pub fn open(file: File) -> io::Result<Self> {
        let metadata = ArrowReaderMetadata::load(&file, Default::default())
            .map_err(|error| damage(format!("damaged, or no Parquet: {error}")))?;
        let groups = metadata.metadata().row_groups();
        let bytes: i64 = groups.iter().map(|group| group.total_byte_size()).sum();
        let rows: i64 = groups.iter().map(|group| group.num_rows()).sum();
        let row = usize::try_from(bytes / rows.max(1)).unwrap_or(0);
        Ok(Self { file, metadata, batch: (PIECE / row.max(1)).clamp(1, ROWS) })
    }

    pub fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    /// What is said of the file beside its rows, but for what every writer says anew.
    pub fn remarks(&self) -> Option<Vec<KeyValue>> {
        let all = self.metadata.metadata().file_metadata().key_value_metadata()?;
        Some(all.iter().filter(|remark| remark.key != "ARROW:schema").cloned().collect())
    }

    /// The columns of the fields; says why there are no texts among them.
    fn wanted(&self, fields: &Fields) -> io::Result<ProjectionMask> {
        let columns = self.schema().fields();
        let Some((_, text)) = columns.find(&fields.0[1]) else {
            let names = columns.iter().map(|column| column.name().as_str());
            return Err(damage(no_column(&fields.0[1], names)));
        };
        if !is_text(text.data_type()) {
            let (name, kind) = (text.name(), text.data_type());
            return Err(damage(format!("column `{name}` holds no text but {kind}")));
        }
        let roots = fields.0.iter().filter_map(|field| Some(columns.find(field)?.0));
        Ok(ProjectionMask::roots(self.metadata.parquet_schema(), roots))
    }

    /// The rows of the columns of the fields; says why there are no articles in them.
    pub fn rows(
        self,
        fields: &Fields,
    ) -> io::Result<impl Iterator<Item = io::Result<Rows>> + use<>> {
        let columns = self.wanted(fields)?;
        let (fields, schema) = (fields.clone(), Arc::clone(self.schema()));
        Ok(self.batches(columns).map(move |batch| {
            let (first, batch) = batch?;
            Ok(Rows { schema: Arc::clone(&schema), ..Rows::new(&batch, first, &fields) })
        }))
    }

    /// The rows of all columns.
    pub fn all(self) -> Batches {
        self.batches(ProjectionMask::all())
    }

    fn batches(self, columns: ProjectionMask) -> Batches {
        Batches { parquet: self, columns, group: 0, row: 0, end: 0, reader: None }
    }

    /// The row of this number, of the columns of the fields.
    pub fn row(self, number: usize, fields: &Fields) -> io::Result<Rows> {
        let columns = self.wanted(fields)?;
        let selection = vec![RowSelector::skip(number), RowSelector::select(1)];
        let builder = self.builder()?.with_projection(columns);
        let batch = builder.with_row_selection(selection.into()).build()?.next();
        let batch = batch.ok_or(io::ErrorKind::UnexpectedEof)?.map_err(damage)?;
        Ok(Rows::new(&batch, number, fields))
    }

    fn builder(&self) -> io::Result<ParquetRecordBatchReaderBuilder<File>> {
        let file = self.file.try_clone()?;
        Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone()))
    }
}

/// What is wrong with the file itself.
fn damage(reason: impl Into<Box<dyn Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// The rows of a file in batches, with the number of the first of each, from 0. What cannot be
/// read of a group of rows is an error, behind which the next group comes.
#[derive(Debug)]
pub struct Batches {
    parquet: Parquet,
    columns: ProjectionMask,
    /// The next group to read.
    group: usize,
    /// The next row, and the first one behind this group.
    row: usize,
    end: usize,
    reader: Option<ParquetRecordBatchReader>,
}

impl Batches {
    /// The next batch of this group or, where it has no more, of the next one.
    fn read(&mut self) -> io::Result<Option<RecordBatch>> {
        loop {
            if let Some(batch) = self.reader.as_mut().and_then(Iterator::next) {
                return batch.map(Some).map_err(damage);
            }
            let groups = self.parquet.metadata.metadata().row_groups();
            let Some(group) = groups.get(self.group) else { return Ok(None) };
            self.row = self.end;
            self.end += usize::try_from(group.num_rows()).unwrap_or(0);
            let builder = self.parquet.builder()?.with_row_groups(vec![self.group]);
            self.group += 1;
            let builder = builder.with_projection(self.columns.clone());
            self.reader = Some(builder.with_batch_size(self.parquet.batch).build()?);
        }
    }
}

impl Iterator for Batches {
    type Item = io::Result<(usize, RecordBatch)>;

    fn next(&mut self) -> Option<Self::Item> {
        // Files that are damaged in some ways make the crate panic.
        let read = panic::catch_unwind(AssertUnwindSafe(|| self.read()))
            .unwrap_or_else(|_| Err(damage("these bytes make no sense")));
        let first = self.row;
        match read {
            Ok(None) => None,
            Ok(Some(batch)) => {
                self.row += batch.num_rows();
                Some(Ok((first, batch)))
            }
            Err(error) => {
                self.reader = None;
                let rows = format!("rows {} to {} cannot be read", first + 1, self.end);
                Some(Err(damage(format!("{rows}: {error}"))))
            }
        }
    }
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_text(values),
        _ => data_type.is_string() || data_type.is_binary(),
    }
}

/// Some rows, of the columns of the fields as far as there are such columns.
#[derive(Debug)]
pub struct Rows {
    /// The number of the first in the file, from 0.
    pub first: usize,
    /// All columns of the file, or those that were read.
    pub schema: SchemaRef,
    columns: Box<[Option<LargeStringArray>; 5]>,
}

impl Rows {
    /// Numbers and dates become texts; what cannot, such as a list, is missing.
    pub fn new(batch: &RecordBatch, first: usize, fields: &Fields) -> Self {
        let columns = fields.0.each_ref().map(|field| {
            let column = cast(batch.column_by_name(field)?, &DataType::LargeUtf8).ok()?;
            Some(column.as_string::<i64>().clone())
        });
        Self { first, schema: batch.schema(), columns: Box::new(columns) }
    }

    pub fn len(&self) -> usize {
        self.columns[1].as_ref().map_or(0, Array::len)
    }

    /// The bytes of the texts.
    pub fn bytes(&self) -> usize {
        self.columns[1].as_ref().map_or(0, |texts| texts.value_data().len())
    }

    /// Reads a row, counted from the first of these, as [`json::parse`](super::json::parse) does a
    /// line.
    pub fn parse(&self, row: usize, record: &mut Record, texts: &mut String) -> Result<(), String> {
        let [id, text, title, date, source] = self.columns.each_ref().map(|column| {
            let column = column.as_ref()?;
            column.is_valid(row).then(|| column.value(row))
        });
        let Some(text) = text else { return Err("the text is null, or not UTF-8".to_owned()) };
        let [id, title, date, source] = [id, title, date, source].map(Option::unwrap_or_default);
        record.set(id, title, date, source);
        record.add_text(text, texts);
        Ok(())
    }

    /// Whether a row is an article.
    pub fn is_article(&self, row: usize) -> bool {
        self.columns[1].as_ref().is_some_and(|texts| texts.is_valid(row))
    }
}
