#!/usr/bin/env pwsh
# The nuget stack on Windows: ./run.ps1 demo | test [WORD] | samseg ARGUMENTS | build | format | clean
# On Linux use ./run, which knows the other stacks too.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$configuration = if ($env:CONFIGURATION) { $env:CONFIGURATION } else { 'Release' }
$folder = $configuration.ToLowerInvariant()

function Fail([string] $message) { [Console]::Error.WriteLine("run: $message"); exit 1 }

function Initialize-Stack {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) { Fail "the .NET SDK 10 is needed, but there is no 'dotnet' on the PATH" }
    if ($env:STACK -and $env:STACK -ne 'nuget') { Fail "STACK=$($env:STACK): on Windows only the nuget stack is supported" }
    @"
<Project>
  <PropertyGroup>
    <Stack>nuget</Stack>
  </PropertyGroup>
</Project>
"@ | Set-Content -Encoding utf8 stacks/local.props
}

function Build([string] $target) {
    dotnet build $target --configuration $configuration --verbosity quiet --nologo -consoleLoggerParameters:NoSummary
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Invoke-Tests([string] $word) {
    Build 'SamSegmentation.ML.sln'
    New-Item -ItemType Directory -Force artifacts/test-results | Out-Null
    $passed = 0; $failed = 0; $skipped = 0
    foreach ($project in Get-ChildItem tests -Directory -Filter *.Tests) {
        $name = $project.Name
        $results = "artifacts/test-results/$name.xml"
        if (Test-Path $results) { Remove-Item $results }
        $filter = if ($word) { @('-method', "*$word*") } else { @() }
        dotnet "artifacts/nuget/bin/$name/$folder/$name.dll" -noLogo -noColor -xml $results @filter | Out-Host
        if (Test-Path $results) {
            $assembly = ([xml](Get-Content -Raw $results)).assemblies.assembly
            $passed += [int]$assembly.passed
            $failed += [int]$assembly.failed + [int]$assembly.errors
            $skipped += [int]$assembly.skipped
        }
        else { $failed += 1 }
    }
    Write-Output "$passed passed, $failed failed, $skipped skipped"
    if ($failed -gt 0 -or ($passed + $skipped) -eq 0) { exit 1 }
}

$command = if ($args.Count -gt 0) { $args[0] } else { 'help' }
$rest = @($args | Select-Object -Skip 1)
switch ($command) {
    'build' { Initialize-Stack; Build 'SamSegmentation.ML.sln' }
    'test' { Initialize-Stack; Invoke-Tests ($rest | Select-Object -First 1) }
    'demo' { Initialize-Stack; Build 'samples/Demo/SamSegmentation.Demo.csproj'; dotnet "artifacts/nuget/bin/SamSegmentation.Demo/$folder/SamSegmentation.Demo.dll" @rest; exit $LASTEXITCODE }
    'samseg' { Initialize-Stack; Build 'src/SamSegmentation.Cli/SamSegmentation.Cli.csproj'; dotnet "artifacts/nuget/bin/SamSegmentation.Cli/$folder/samseg.dll" @rest; exit $LASTEXITCODE }
    'format' { Initialize-Stack; dotnet format SamSegmentation.ML.sln --verify-no-changes; exit $LASTEXITCODE }
    'clean' { foreach ($path in 'artifacts', 'stacks/local.props') { if (Test-Path $path) { Remove-Item -Recurse -Force $path } } }
    default {
        Write-Output 'usage: ./run.ps1 demo [OPTIONS] | test [WORD] | samseg ARGUMENTS | build | format | clean'
        if ($command -notin 'help', '-h', '--help') { Fail "unknown command '$command'" }
    }
}
