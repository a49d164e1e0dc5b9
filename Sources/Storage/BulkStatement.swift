import GRDB
import GRDBSQLite

/// A prepared statement that is run for thousands of rows.
///
/// Binds through SQLite's own functions: GRDB's arguments cost several times the insertion itself.
/// Used inside one `inDatabase` block only.
struct BulkStatement {
  private let statement: Statement

  /// A value to bind.
  enum Value {
    case null
    case integer(Int64)
    case bytes([UInt8])
    case text(String)
  }

  init(_ database: Database, sql: String) throws {
    statement = try database.makeStatement(sql: sql)
  }

  /// Runs the statement with values for its parameters, in order.
  func run(_ values: Value...) throws { try run(values) }

  /// Runs the statement with values for its parameters, in order.
  func run(_ values: [Value]) throws {
    let handle = unsafe statement.sqliteStatement
    let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)  // SQLITE_TRANSIENT
    for (offset, value) in values.enumerated() {
      let index = Int32(offset + 1)
      switch value {
      case .null: unsafe sqlite3_bind_null(handle, index)
      case .integer(let integer): unsafe sqlite3_bind_int64(handle, index, integer)
      case .bytes(let bytes):
        // A null pointer would bind NULL: an empty array still needs an address.
        unsafe (bytes.isEmpty ? [0] : bytes).withUnsafeBytes {
          _ = unsafe sqlite3_bind_blob(
            handle, index, $0.baseAddress, Int32(bytes.count), copied)
        }
      case .text(let text): unsafe sqlite3_bind_text(handle, index, text, -1, copied)
      }
    }
    let code = unsafe sqlite3_step(handle)
    guard code == SQLITE_DONE else { throw unsafe failure(code, of: handle) }
    unsafe sqlite3_reset(handle)
  }
}

/// The error of a step, which is told by the connection until the statement is reset.
private func failure(_ code: Int32, of handle: SQLiteStatement) -> DatabaseError {
  let message = unsafe String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
  unsafe sqlite3_reset(handle)
  return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
}

/// A prepared query that reads thousands of rows, through SQLite's own functions as `BulkStatement`.
///
/// Used inside one `read` block only.
struct BulkQuery {
  private let statement: Statement

  init(_ database: Database, sql: String) throws {
    statement = try database.makeStatement(sql: sql)
    unsafe sqlite3_reset(statement.sqliteStatement)
  }

  /// Starts again with a value for the only parameter.
  func bind(_ value: Int64) {
    let handle = unsafe statement.sqliteStatement
    unsafe sqlite3_reset(handle)
    unsafe sqlite3_bind_int64(handle, 1, value)
  }

  /// Starts again with bytes for the only parameter.
  func bind(_ bytes: [UInt8]) {
    let handle = unsafe statement.sqliteStatement
    let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)  // SQLITE_TRANSIENT
    unsafe sqlite3_reset(handle)
    // A null pointer would bind NULL: an empty array still needs an address.
    unsafe (bytes.isEmpty ? [0] : bytes).withUnsafeBytes {
      _ = unsafe sqlite3_bind_blob(handle, 1, $0.baseAddress, Int32(bytes.count), copied)
    }
  }

  /// Goes to the next row; false after the last.
  func next() throws -> Bool {
    let handle = unsafe statement.sqliteStatement
    let code = unsafe sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    guard code == SQLITE_DONE else { throw unsafe failure(code, of: handle) }
    unsafe sqlite3_reset(handle)
    return false
  }

  func integer(_ column: Int32) -> Int64 {
    unsafe sqlite3_column_int64(statement.sqliteStatement, column)
  }

  func isNull(_ column: Int32) -> Bool {
    unsafe sqlite3_column_type(statement.sqliteStatement, column) == SQLITE_NULL
  }

  func bytes(_ column: Int32) -> [UInt8] {
    let handle = unsafe statement.sqliteStatement
    guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }
}
