/// An element of an XML file. Texts between elements are left out: manifests have none.
struct XMLElement {
  let name: String
  let attributes: [String: String]  // Keys: two spellings are refused
  var children: [XMLElement] = []
  let line: Int

  /// The root of the document that `text` is.
  ///
  /// The part of XML that manifests are written in: elements, attributes, comments, CDATA, processing instructions,
  /// references to characters and to the five entities that XML itself defines. A document type is refused, for what it
  /// declares could grow without bound or read files.
  static func root(of text: String, file: String) throws(FileFormatError) -> XMLElement {
    var parser = XMLReader(text, file: file)
    return try parser.root()
  }
}
