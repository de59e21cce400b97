import Testing
import WeaveFormats
import WeaveModel

@Suite("A template of the user's")
struct TemplateTests {
  private func state() throws -> DesiredState {
    var toto = try DesiredState.Machine.host("toto", ["telperion": "1", "laurelin": "2"], roles: ["dns"])
    toto = DesiredState.Machine(
      name: toto.name, kind: .host, roles: toto.roles, address: "10.0.0.7", commits: toto.commits,
      data: .object([("rack", .string("a"))]))
    return .wanting(data: .object([("owner", .string("joe"))]), toto, try .host("barge", ["laurelin": "2"]))
  }

  private func filled(_ template: String) throws -> String {
    try state().filled(template: template, file: "deploy.mustache")
  }

  @Test("is filled in with what json has, and nothing in it is escaped")
  func filledIn() throws {
    let template = """
      # {{constellation}} & "{{data.owner}}"
      {{#machines}}
      {{machine}}{{#address}} at {{address}}{{/address}}:{{#roles}} <{{.}}>{{/roles}}
      {{#projects}}
        {{project}} {{commit}}
      {{/projects}}
      {{/machines}}
      {{commits.laurelin}}

      """
    let (one, two) = (try commit("1").hex, try commit("2").hex)
    #expect(
      try filled(template) == """
        # canon & "joe"
        toto at 10.0.0.7: <dns>
          telperion \(one)
          laurelin \(two)
        barge:
          laurelin \(two)
        \(two)

        """)
  }

  @Test("has what follows all but the last machine only between them")
  func separators() throws {
    #expect(
      try filled("{{#machines}}\"{{machine}}\"{{^last()}}, {{/last()}}{{/machines}}") == "\"toto\", \"barge\""
    )
  }

  @Test(
    "that asks for what is not there is an error, with the nearest name",
    arguments: [
      ("{{constelation}}", "'constelation'", "did you mean 'constellation'?"),
      ("{{#machines}}{{adress}}{{/machines}}", "'adress'", "did you mean 'address'?"),
      ("{{#machines}}{{commits.narya}}{{/machines}}", "'narya'", "there are: laurelin, telperion"),
      ("{{#machine}}{{/machine}}", "'machine'", "did you mean 'machines'?"),
    ])
  func missing(template: String, name: String, hint: String) throws {
    let error = #expect(throws: UnwritableState.self) { try filled(template) }
    #expect(error?.message == "deploy.mustache asks for \(name), which is not there")
    #expect(error?.hint == hint)
  }

  @Test("finds nothing in the data of a machine that has none, without an error")
  func absentData() throws {
    #expect(try filled("{{#machines}}[{{data.rack}}{{data.row}}]{{/machines}}") == "[a][]")
  }

  @Test(
    "that quotes what is no text is an error, for the next word would take its place",
    arguments: [
      "shell(data.list)", "json(data.list)", "yaml(data.map)", "nix(data)", "hcl(data.absent)", "shell(kind)",
      "dot(host)", "shell(count(roles))", "& shell(data.list)", "{shell(data.list)}", " gitconfig(lock)",
    ])
  func quotesNoText(tag: String) throws {
    let machine = DesiredState.Machine(
      name: "toto", kind: nil, roles: ["r"], address: nil, commits: [],
      data: .object([("list", .array([.string("a")])), ("map", .object([("k", .string("v"))]))]))
    let state = DesiredState.wanting(data: nil, machine)
    let template = "{{#machines}}rm -r {{\(tag)}} /srv/keep{{/machines}}"
    let error = #expect(throws: UnwritableState.self) {
      try state.filled(template: template, file: "deploy.mustache")
    }
    #expect(error?.message.contains("{{\(tag)}} is of no text") == true, "\(error as Any)")
  }

  @Test("that quotes an empty text writes an empty word, and a comment that looks like a tag is none")
  func quotesEmpty() throws {
    let machine = DesiredState.Machine(
      name: "toto", kind: nil, roles: ["r"], address: nil, commits: [], data: .object([("e", .string(""))]))
    let state = DesiredState.wanting(data: nil, machine)
    let template = "{{! {{shell(x)}}{{#machines}}<{{shell(data.e)}}|{{json(data.e)}}|{{xml(data.e)}}>{{/machines}}"
    #expect(try state.filled(template: template, file: "f") == "<''|\"\"|>")
  }

  @Test(
    "that is none is an error that names the line",
    arguments: [
      ("one\n{{#machines}}\ntwo\n", "a section is not closed"),
      ("one\n{{#machines}}{{/machine}}", ":2: a section is closed by another name"),
      ("{{machine", ":1: a tag is not closed"),
      ("{{> part}}", "has a partial"),
    ])
  func unreadable(template: String, message: String) throws {
    let error = #expect(throws: UnwritableState.self) { try filled(template) }
    #expect(error?.message.contains(message) == true, "\(error as Any)")
  }

  @Test("that nests without end, or changes its delimiters, is refused")
  func endless() {
    let nested =
      String(repeating: "{{#machines}}", count: 2_000) + String(repeating: "{{/machines}}", count: 2_000)
    #expect(throws: UnwritableState.self) { try filled(nested) }
    #expect(throws: UnwritableState.self) { try filled("{{=<% %>=}}<%> other%>") }
  }
}
