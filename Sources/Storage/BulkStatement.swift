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
  func run(_ values: Value...) throws {
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
    let message = unsafe String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
    unsafe sqlite3_reset(handle)
    guard code == SQLITE_DONE else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
  }
}
