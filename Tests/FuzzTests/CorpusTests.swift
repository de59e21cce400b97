import TestSupport
import Testing

@Suite("Each reader of bytes that anybody may have written") struct CorpusTests {
  @Test(arguments: FuzzedReader.allCases)
  func `keeps its promises for every input of the corpus, and reads some of them`(reader: FuzzedReader) throws
  {
    var accepted = 0
    let corpus = try Corpus(of: reader)
    for file in corpus.files {
      do { accepted += try reader.check(file.bytes) ? 1 : 0 } catch { Issue.record("\(file.name): \(error)") }
    }
    #expect(accepted > 0 && accepted < corpus.files.count)
  }

  @Test(arguments: FuzzedReader.allCases)
  func `keeps its promises for inputs of the corpus that were changed`(reader: FuzzedReader) throws {
    let corpus = try Corpus(of: reader)
    var dice = SeededGenerator(seed: 1)
    for round in 0..<1_500 {
      let bytes = corpus.mutant(using: &dice)
      do { try reader.check(bytes) } catch { Issue.record("round \(round): \(error)") }
    }
  }

  @Test func `an index is put together from its sections as the product writes it`() throws {
    var whole = 0
    for file in try Corpus(of: .index).files {
      guard let index = IndexReading.read(IndexSections(file.bytes).file) else { continue }
      let written = IndexReading.write(index)
      #expect(IndexSections(ofFile: written).file == written, "\(file.name)")
      whole += 1
    }
    #expect(whole > 0)
  }
}
