import ForeignText
import Foundation
import WeaveModel

/// Reads JSON as a type, with a reason in words where it is none.
enum JSONText {
  /// The value that `text` spells. An error begins with `what` it was taken for.
  static func decode<Value: Decodable>(
    _ text: String, file: String, what: String
  ) throws(FileFormatError) -> Value {
    if let reason = text.reasonAgainstMarks { throw FileFormatError(file: file, message: reason) }
    do { return try JSONDecoder().decode(Value.self, from: Data(text.utf8)) } catch {
      throw FileFormatError(file: file, message: "it is no \(what): " + reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.isEmpty ? "" : " in " + context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    return switch error as? DecodingError {
    case .keyNotFound(let key, let context): "'\(key.stringValue)' is missing" + place(context)
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "a value of another type was expected" + place(context)
    case .dataCorrupted(let context) where !context.codingPath.isEmpty: "a value is wrong" + place(context)
    default: "it is not JSON"
    }
  }
}
