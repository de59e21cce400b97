import Testing
import WeaveFormats

@Suite("The inputs of a flake.nix")
struct FlakeSourceTests {
  @Test("are found in the usual spellings")
  func spellings() {
    let text = """
      {
        inputs.a.url = "git+https://git.example/a";
        inputs = {
          b.url = "github:o/b"; # the ring
          c = { url = "path:./c"; flake = false; };
          # d.url = "github:o/d";
          /* e.url = "github:o/e"; */
        };
        inputs.b.inputs.a.follows = "a";
        outputs = { self, a, b, c }: { url = "https://no.example"; };
      }
      """
    #expect(
      FlakeSource.inputs(in: text) == [
        "a": "git+https://git.example/a", "b": "github:o/b", "c": "path:./c",
      ])
  }

  @Test("of inputs are not those of the flake itself")
  func nested() {
    #expect(FlakeSource.inputs(in: "inputs.b.inputs.a.url = \"github:o/a\";").isEmpty)
  }
}
