# A NixOS machine that carries what it runs, and reports it to a hub of weave.
#
#   imports = [ ./weave.nix ];                       # with the script weave-report beside it
#   services.weave = {
#     enable = true;
#     machine = "toto.canon";
#     manifest = inputs.wrapper.weave;               # of a wrapper flake; or a file that `weave manifest` printed
#     url = "ssh://weave@hub.example/srv/hub.git";   # without it nothing is reported: `weave probe` asks
#   };
#
# It reports as the user weave-report, whose home is /var/lib/weave-report: Docs/reporting.md, "A user of its own", says how
# that user gets a key for ssh.
#
# /etc/weave/manifest.json is what `weave report --from` reads and `weave probe` asks for; /etc/weave/manifest.lines says
# the same to weave-report.
{ config, lib, pkgs, ... }:
let
  cfg = config.services.weave;
  given =
    if builtins.isAttrs cfg.manifest
    then cfg.manifest
    else builtins.fromJSON (builtins.readFile cfg.manifest);
  manifest =
    if given ? schema
    then given
    else {
      schema = "weave.manifest/1";
      resolution = given.id;
      projects = builtins.mapAttrs (_: rev: { inherit rev; }) given.revs;
    };
  carried = manifest // { machine = cfg.machine; };
  isOwn = !(given ? machine) || given.machine == cfg.machine;
  # What a manifest says was a hub's once. Here it becomes lines of a file.
  isReadable = builtins.all (
    name:
    builtins.match "[a-z0-9][a-z0-9._-]*" name != null
    && builtins.match "[0-9a-f]{40}" carried.projects.${name}.rev != null
  ) (builtins.attrNames carried.projects);
  lines = builtins.concatStringsSep "" (
    map (name: "${name} ${carried.projects.${name}.rev}\n") (builtins.attrNames carried.projects)
  );
in
{
  options.services.weave = {
    enable = lib.mkEnableOption "carrying, and reporting, what this machine runs";
    machine = lib.mkOption {
      type = lib.types.str;
      default = config.networking.fqdnOrHostName;
      description = "The machine's name in the constellation.";
    };
    manifest = lib.mkOption {
      type = lib.types.either lib.types.path (lib.types.attrsOf lib.types.anything);
      description = "What `weave manifest` printed: a file, or its content; or `weave` of a wrapper flake.";
    };
    url = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      description = "The repository to report to, as `git push` takes it.";
    };
    interval = lib.mkOption {
      type = lib.types.str;
      default = "15min";
      description = "How often, as systemd.time(7) has it.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = isOwn && isReadable;
        message = "services.weave.manifest " + (
          if isOwn
          then "holds a project without a name or a commit of weave's."
          else "is another machine's, not that of ${cfg.machine}."
        );
      }
    ];
    environment.etc."weave/manifest.json".text = builtins.toJSON carried;
    environment.etc."weave/manifest.lines".text = lines;
    systemd.services.weave-report = lib.mkIf (cfg.url != null) {
      description = "Report what this machine runs";
      wants = [ "network-online.target" ];
      after = [ "network-online.target" ];
      path = [ pkgs.git pkgs.openssh pkgs.gawk pkgs.gnused pkgs.coreutils ];
      # A script, as in a line of a unit `%` and `$` would mean something.
      script = ''
        exec ${pkgs.runtimeShell} ${./weave-report} ${
          lib.escapeShellArgs [ cfg.url cfg.machine "/etc/weave/manifest.lines" ]
        }
      '';
      # As in weave-report.service.
      serviceConfig = {
        Type = "oneshot";
        User = "weave-report";
        Group = "weave-report";
        StateDirectory = "weave-report";
        StateDirectoryMode = "0700";
        UMask = "0077";
        TimeoutStartSec = "5min";
        MemoryMax = "1G";
        TasksMax = 64;
        NoNewPrivileges = true;
        CapabilityBoundingSet = "";
        ProtectSystem = "strict";
        ProtectHome = true;
        ProtectProc = "invisible";
        PrivateTmp = true;
        PrivateDevices = true;
        ProtectClock = true;
        ProtectControlGroups = true;
        ProtectHostname = true;
        ProtectKernelLogs = true;
        ProtectKernelModules = true;
        ProtectKernelTunables = true;
        LockPersonality = true;
        MemoryDenyWriteExecute = true;
        RemoveIPC = true;
        RestrictAddressFamilies = [ "AF_UNIX" "AF_INET" "AF_INET6" ];
        RestrictNamespaces = true;
        RestrictRealtime = true;
        RestrictSUIDSGID = true;
        SystemCallArchitectures = "native";
        SystemCallFilter = "@system-service";
        SystemCallErrorNumber = "EPERM";
      };
    };
    users = lib.mkIf (cfg.url != null) {
      users.weave-report = {
        isSystemUser = true;
        group = "weave-report";
        home = "/var/lib/weave-report";
      };
      groups.weave-report = { };
    };
    systemd.timers.weave-report = lib.mkIf (cfg.url != null) {
      wantedBy = [ "timers.target" ];
      timerConfig = {
        OnActiveSec = "1min";
        OnUnitActiveSec = cfg.interval;
        RandomizedDelaySec = "1min";
      };
    };
  };
}
