#!/usr/bin/env pwsh
# The nuget stack on Windows: ./run.ps1 demo | test [WORD] | samseg ARGUMENTS | bench [--quick] [WORD] | build | pack | consumer | format | clean
# On Linux use ./run, which knows the other stacks too.
$ErrorActionPreference = 'Stop'
$caller = Get-Location
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
    [Console]::Error.WriteLine("run: building $target")
    dotnet build $target --configuration $configuration --verbosity quiet --nologo -consoleLoggerParameters:NoSummary | Out-Host
    if ($LASTEXITCODE -ne 0) { Fail "the build failed with status $LASTEXITCODE" }
}

# The browser's ONNX Runtime, beside the page that uses it.
function Install-WebOnnx {
    if (Test-Path samples/WebOnnx/node_modules) { return }
    if (-not (Get-Command npm -ErrorAction SilentlyContinue)) { Fail "samples/WebOnnx needs npm, but there is no 'npm' on the PATH" }
    Push-Location samples/WebOnnx
    npm ci --ignore-scripts --no-audit --no-fund | Out-Host
    $status = $LASTEXITCODE
    Pop-Location
    if ($status -ne 0) { Fail 'npm could not fetch the ONNX Runtime of samples/WebOnnx' }
}

function Invoke-Tests([string] $word) {
    Install-WebOnnx
    Build 'SamSegmentation.ML.sln'
    New-Item -ItemType Directory -Force artifacts/test-results | Out-Null
    $passed = 0; $failed = 0; $skipped = 0
    foreach ($project in Get-ChildItem tests -Directory -Filter *.Tests) {
        $name = $project.Name
        $results = "artifacts/test-results/$name.xml"
        if (Test-Path $results) { Remove-Item $results }
        $filter = if ($word) { @('-method', "*$word*") } else { @() }
        dotnet "artifacts/nuget/bin/$name/$folder/$name.dll" -noLogo -noColor -reporter quiet -xml $results @filter | Out-Host
        $status = $LASTEXITCODE
        $failures = 0
        if (Test-Path $results) {
            $assembly = ([xml](Get-Content -Raw $results)).assemblies.assembly
            $passed += [int]$assembly.passed
            $failures = [int]$assembly.failed + [int]$assembly.errors
            $skipped += [int]$assembly.skipped
        }
        # A process that crashed counts as a failure, whatever it managed to write.
        if ($failures -eq 0 -and ($status -ne 0 -or -not (Test-Path $results))) { $failures = 1 }
        $failed += $failures
    }
    Write-Output "$passed passed, $failed failed, $skipped skipped"
    if ($failed -gt 0 -or ($passed + $skipped) -eq 0) { exit 1 }
}

function New-Packages {
    if (Test-Path artifacts/packages) { Remove-Item -Recurse -Force artifacts/packages }
    foreach ($project in Get-ChildItem src/*/*.csproj) {
        [Console]::Error.WriteLine("run: packing $($project.BaseName)")
        # Paths of this machine stay out of the assemblies; built apart, so that the ordinary build is not made anew by it.
        dotnet pack $project.FullName --configuration $configuration --output artifacts/packages --verbosity quiet --nologo `
            -p:ContinuousIntegrationBuild=true "-p:ArtifactsPath=$PSScriptRoot/artifacts/nuget-pack" | Out-Host
        if ($LASTEXITCODE -ne 0) { Fail "packing failed with status $LASTEXITCODE" }
    }
    foreach ($package in Get-ChildItem artifacts/packages/*.*nupkg) { Write-Output "artifacts/packages/$($package.Name)  $($package.Length) bytes" }
}

# Installs the package in a fresh application that trains, saves, loads and predicts.
function Start-Consumer {
    New-Packages
    if (Test-Path artifacts/consumer) { Remove-Item -Recurse -Force artifacts/consumer }
    $version = (Get-ChildItem artifacts/packages/SamSegmentation.ML.*.nupkg).BaseName -replace '^SamSegmentation\.ML\.', ''
    $torch = ([xml](Get-Content -Raw Directory.Packages.props)).SelectSingleNode("//PackageVersion[@Include='TorchSharp-cpu']").Version
    dotnet run --project nuget/consumer/Consumer.csproj --configuration $configuration --verbosity quiet "-p:PackedVersion=$version" "-p:TorchSharpVersion=$torch"
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    dotnet tool install SamSegmentation.Cli --version $version --add-source "$PSScriptRoot/artifacts/packages" --tool-path artifacts/consumer/tools | Out-Host
    if ($LASTEXITCODE -ne 0) { Fail 'the tool could not be installed' }
    & artifacts/consumer/tools/samseg inspect dataset --help | Out-Null
    if ($LASTEXITCODE -ne 0) { Fail 'samseg does not start' }
    Write-Output "samseg $version starts"
    exit 0
}

# Runs a program in the caller's folder, where its relative paths begin.
function Start-Program([string] $project, [string] $name, [string[]] $arguments) {
    Build $project
    $program = Join-Path $PSScriptRoot "artifacts/nuget/bin/$([IO.Path]::GetFileNameWithoutExtension($project))/$folder/$name.dll"
    Set-Location $caller
    dotnet $program @arguments
    exit $LASTEXITCODE
}

$command = if ($args.Count -gt 0) { $args[0] } else { 'help' }
$rest = @($args | Select-Object -Skip 1)
try {
    switch ($command) {
        'build' { Initialize-Stack; Build 'SamSegmentation.ML.sln' }
        'pack' { Initialize-Stack; New-Packages }
        'consumer' { Initialize-Stack; Start-Consumer }
        'test' { Initialize-Stack; Invoke-Tests ($rest | Select-Object -First 1) }
        'demo' { Initialize-Stack; Start-Program 'samples/Demo/SamSegmentation.Demo.csproj' 'SamSegmentation.Demo' $rest }
        'samseg' { Initialize-Stack; Start-Program 'src/SamSegmentation.Cli/SamSegmentation.Cli.csproj' 'samseg' $rest }
        'bench' { Initialize-Stack; $caller = Get-Location; Start-Program 'bench/SamSegmentation.Bench/SamSegmentation.Bench.csproj' 'SamSegmentation.Bench' $rest }
        'format' { Initialize-Stack; dotnet format SamSegmentation.ML.sln --verify-no-changes; exit $LASTEXITCODE }
        'clean' { foreach ($path in 'artifacts', 'stacks/local.props') { if (Test-Path $path) { Remove-Item -Recurse -Force $path } } }
        default {
            Write-Output 'usage: ./run.ps1 demo [OPTIONS] | test [WORD] | samseg ARGUMENTS | bench [--quick] [WORD] | build | pack | consumer | format | clean'
            if ($command -notin 'help', '-h', '--help') { Fail "unknown command '$command'" }
        }
    }
}
finally { Set-Location $caller }
