#!/usr/bin/env pwsh
# One entry for everything that is done with this repository on Windows, where it has the nuget stack: ./run.ps1 help
# On Linux use ./run, which knows the other stacks too. The two offer the same; tests compare them.
$ErrorActionPreference = 'Stop'
$caller = Get-Location
Set-Location $PSScriptRoot
$configuration = if ($env:CONFIGURATION) { $env:CONFIGURATION } else { 'Release' }
$folder = $configuration.ToLowerInvariant()

function Say([string] $message) { [Console]::Error.WriteLine("run: $message") }
function Fail([string] $message) { Say $message; exit 1 }

function Show-Usage {
    Write-Output @'
usage: ./run.ps1 COMMAND

  demo [OPTIONS]      train a small SAM, evaluate it, write masks; --data DIR takes a VOC2012 folder, --help lists the rest
  test [WORD]         build and run all tests, or those whose name holds WORD
  samseg ARGUMENTS    the command line tool
  bench [OPTIONS]     measure the speed, in one table and artifacts/bench.json; --quick takes under three minutes, a word
                      chooses what is measured
  accuracy FOLDER SEEDS EPOCHS [OPTIONS]
                      train in every way with every head and print the table of docs/accuracy.md; OPTIONS are samseg train's
  web [OPTIONS]       a page that segments photographs, with the demo's model or --Model FILE; --urls http://localhost:PORT
  web-onnx [PORT]     a static page that segments photographs in the browser, with the demo's model as ONNX
  build               build everything
  pack                make the NuGet packages, in artifacts/packages
  consumer            pack, then install the package in a fresh application that trains, saves, loads and predicts
  setup               choose the stack and install what it needs
  format              check the formatting
  clean               remove what was built, and the choice of stack

The stack is nuget; on Linux ./run knows others (see CONTRIBUTING.md).
CONFIGURATION=Debug builds and runs that instead of Release.
'@
}

function Initialize-Stack {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) { Fail "the .NET SDK 10 is needed, but there is no 'dotnet' on the PATH (https://dotnet.microsoft.com/download)" }
    $version = "$(dotnet --version)"
    if ($LASTEXITCODE -ne 0) { Fail "'dotnet --version' failed; global.json asks for the .NET SDK 10" }
    if ([int]($version -split '\.')[0] -lt 10) { Fail "the .NET SDK 10 is needed, found $version" }
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
    Say "building $target"
    dotnet build $target --configuration $configuration --verbosity quiet --nologo -consoleLoggerParameters:NoSummary | Out-Host
    if ($LASTEXITCODE -ne 0) { Fail "the build failed with status $LASTEXITCODE" }
}

# The browser's ONNX Runtime, beside the page that uses it; what is there in the locked version is not fetched again.
function Install-WebOnnx {
    $page = 'samples/WebOnnx'; $lock = 'artifacts/web-onnx.lock'
    if ((Test-Path "$page/node_modules") -and (Test-Path $lock) -and (Get-FileHash $lock).Hash -eq (Get-FileHash "$page/package-lock.json").Hash) { return }
    if (-not (Get-Command npm -ErrorAction SilentlyContinue)) { Fail "samples/WebOnnx needs npm, but there is no 'npm' on the PATH" }
    Say "fetching the browser's ONNX Runtime"
    Push-Location $page
    npm ci --ignore-scripts --no-audit --no-fund | Out-Host
    $status = $LASTEXITCODE
    Pop-Location
    if ($status -ne 0) { Fail 'npm could not fetch the ONNX Runtime of samples/WebOnnx' }
    New-Item -ItemType Directory -Force artifacts | Out-Null
    Copy-Item "$page/package-lock.json" $lock
}

# The newest demo's, or nothing.
function Get-NewestModel {
    Get-ChildItem (Join-Path $caller 'outputs/demo*/run/model.safetensors') -ErrorAction SilentlyContinue |
        Sort-Object LastWriteTime -Descending | Select-Object -First 1 -ExpandProperty FullName
}

# Puts the page, ONNX Runtime and the newest demo's model into one folder, and serves it.
function Start-WebOnnx([string] $port) {
    if (-not $port) { $port = '8080' }
    $site = 'artifacts/web-onnx'
    $model = Get-NewestModel
    if (-not $model) { Fail 'no model: run ./run.ps1 demo first' }
    Install-WebOnnx
    Build 'src/SamSegmentation.Cli/SamSegmentation.Cli.csproj'
    if (Test-Path $site) { Remove-Item -Recurse -Force $site }
    New-Item -ItemType Directory -Force "$site/ort" | Out-Null
    Copy-Item samples/WebOnnx/*.html, samples/WebOnnx/*.js, samples/WebDemo/wwwroot/page.js, samples/WebDemo/wwwroot/style.css $site
    foreach ($file in 'ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm') {
        Copy-Item "samples/WebOnnx/node_modules/onnxruntime-web/dist/$file" "$site/ort"
    }
    dotnet (Get-Program 'SamSegmentation.Cli' 'samseg') export --model $model --output "$site/model.onnx" | Out-Host
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    Say "the page stands in $site; any web server can serve these files"
    $python = Get-Command python3, python -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $python) { return }
    Say "Python serves them at http://localhost:$port until Ctrl+C"
    & $python -m http.server $port --bind localhost --directory $site
    exit $LASTEXITCODE
}

# Every way of training with every head, from one checkpoint on one dataset, as bench/accuracy.sh does it.
function Measure-Accuracy([string[]] $arguments) {
    if ($arguments.Count -lt 3) {
        [Console]::Error.WriteLine('usage: ./run.ps1 accuracy OUTPUT-FOLDER SEEDS EPOCHS [samseg train options ...]')
        exit 2
    }
    Build 'src/SamSegmentation.Cli/SamSegmentation.Cli.csproj'
    $samseg = Get-Program 'SamSegmentation.Cli' 'samseg'
    Set-Location $caller
    $output, $seeds, $epochs = $arguments[0..2]
    $shared = @($arguments | Select-Object -Skip 3)
    New-Item -ItemType Directory -Force $output | Out-Null
    Set-Content "$output/results.txt" $null
    $ways = @(, @('hypernetworks', 'mask_decoder'))
    foreach ($trained in 'decoder', 'decoder-and-adapters', 'everything') {
        foreach ($head in 'mask_decoder', 'linear', 'aspp', 'pyramid_pooling') { $ways += , @($trained, $head) }
    }
    $results = foreach ($seed in 1..[int]$seeds) {
        foreach ($way in $ways) {
            $trained, $head = $way
            $run = "$output/$trained-$head-$seed"
            dotnet $samseg train --train $trained --head $head --seed $seed --epochs $epochs --validate-every $epochs `
                --measure-training false --save-model false --images-logged 0 --report-images 0 --cache-folder "$output/cache" --run-folder $run @shared *> "$run.txt"
            if ($LASTEXITCODE -ne 0) { Get-Content -Tail 3 "$run.txt" | ForEach-Object { [Console]::Error.WriteLine($_) }; exit 1 }
            $value = Get-Content "$run/log.jsonl" | ForEach-Object { (ConvertFrom-Json $_).validation.meanIoU } | Where-Object { $null -ne $_ } | Select-Object -Last 1
            if ($null -eq $value) { Fail "$run/log.jsonl: expected a validation's meanIoU, found none" }
            $line = Format-Plain '{0} {1} {2} {3}' $trained $head $seed $value
            Write-Host $line
            Add-Content "$output/results.txt" $line
            [pscustomobject]@{ Way = "$trained | $head"; Value = [double]$value }
        }
    }
    Write-Output '' "| what is trained | head | mIoU, mean of $seeds seeds | least to most |" '|---|---|---|---|'
    foreach ($way in $ways) {
        $measured = $results | Where-Object Way -EQ ($way -join ' | ') | Measure-Object Value -Average -Minimum -Maximum
        Format-Plain '| {0} | {1:F3} | {2:F3} to {3:F3} |' ($way -join ' | ') $measured.Average $measured.Minimum $measured.Maximum
    }
}

# Numbers with a point, whatever the machine's language.
function Format-Plain([string] $format) { [string]::Format([Globalization.CultureInfo]::InvariantCulture, $format, [object[]]$args) }

function Invoke-Tests([string[]] $words) {
    if ($words.Count -gt 1) { Fail "./run.ps1 test takes one word, found $($words.Count): $words" }
    $word = $words | Select-Object -First 1
    Install-WebOnnx
    Build 'SamSegmentation.ML.sln'
    New-Item -ItemType Directory -Force artifacts/test-results | Out-Null
    $passed = 0; $failed = 0; $skipped = 0
    foreach ($project in Get-ChildItem tests -Directory -Filter *.Tests) {
        $name = $project.Name
        $results = "artifacts/test-results/$name.xml"
        if (Test-Path $results) { Remove-Item $results }
        $filter = if ($word) { @('-method', "*$word*") } else { @() }
        Say "running $name"
        dotnet (Get-Program $name $name) -noLogo -noColor -reporter quiet -xml $results @filter | Out-Host
        $status = $LASTEXITCODE
        $successes = 0; $failures = 0; $skips = 0
        if (Test-Path $results) {
            $assembly = ([xml](Get-Content -Raw $results)).assemblies.assembly
            $successes = [int]$assembly.passed
            $failures = [int]$assembly.failed + [int]$assembly.errors
            $skips = [int]$assembly.skipped
        }
        # A process that crashed counts as a failure, whatever it managed to write.
        if ($failures -eq 0 -and ($status -ne 0 -or -not (Test-Path $results))) {
            Say "$name ended with status $status"
            $failures = 1
        }
        Say "${name}: $successes passed, $failures failed, $skips skipped"
        $passed += $successes; $failed += $failures; $skipped += $skips
    }
    if ($word -and ($passed + $failed + $skipped) -eq 0) { Say "no test's name holds '$word'" }
    Write-Output "$passed passed, $failed failed, $skipped skipped"
    if ($failed -gt 0 -or ($passed + $skipped) -eq 0) { exit 1 }
}

function New-Packages {
    if (Test-Path artifacts/packages) { Remove-Item -Recurse -Force artifacts/packages }
    foreach ($project in Get-ChildItem src/*/*.csproj) {
        Say "packing $($project.BaseName)"
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
    $version = (Get-ChildItem artifacts/packages/SamSegmentation.ML.[0-9]*.nupkg).BaseName -replace '^SamSegmentation\.ML\.', ''
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

# Where the build put a project's assembly.
function Get-Program([string] $project, [string] $name) { Join-Path $PSScriptRoot "artifacts/nuget/bin/$project/$folder/$name.dll" }

# Runs a program in the caller's folder, where its relative paths begin.
function Start-Program([string] $project, [string] $name, [string[]] $arguments) {
    Build $project
    Set-Location $caller
    dotnet (Get-Program ([IO.Path]::GetFileNameWithoutExtension($project)) $name) @arguments
    exit $LASTEXITCODE
}

# Without a model, that of the newest demo.
function Start-Web([string[]] $arguments) {
    if (-not ($arguments -like '--Model*')) {
        $model = Get-NewestModel
        if (-not $model) { Fail 'no model: run ./run.ps1 demo first, or name one with --Model FILE' }
        $arguments = @('--Model', $model) + $arguments
    }
    Start-Program 'samples/WebDemo/SamSegmentation.WebDemo.csproj' 'SamSegmentation.WebDemo' $arguments
}

$command = if ($args.Count -gt 0) { $args[0] } else { 'help' }
$rest = @($args | Select-Object -Skip 1)
try {
    switch ($command) {
        'setup' { Initialize-Stack }
        'build' { Initialize-Stack; Build 'SamSegmentation.ML.sln' }
        'pack' { Initialize-Stack; New-Packages }
        'consumer' { Initialize-Stack; Start-Consumer }
        'test' { Initialize-Stack; Invoke-Tests $rest }
        'demo' { Initialize-Stack; Start-Program 'samples/Demo/SamSegmentation.Demo.csproj' 'SamSegmentation.Demo' $rest }
        'samseg' { Initialize-Stack; Start-Program 'src/SamSegmentation.Cli/SamSegmentation.Cli.csproj' 'samseg' $rest }
        'bench' { Initialize-Stack; $caller = Get-Location; Start-Program 'bench/SamSegmentation.Bench/SamSegmentation.Bench.csproj' 'SamSegmentation.Bench' $rest }
        'accuracy' { Initialize-Stack; Measure-Accuracy $rest }
        'web' { Initialize-Stack; Start-Web $rest }
        'web-onnx' { Initialize-Stack; Start-WebOnnx ($rest | Select-Object -First 1) }
        'format' { Initialize-Stack; dotnet format SamSegmentation.ML.sln --verify-no-changes; exit $LASTEXITCODE }
        'clean' { foreach ($path in 'artifacts', 'stacks/local.props') { if (Test-Path $path) { Remove-Item -Recurse -Force $path } } }
        { $_ -in 'help', '-h', '--help' } { Show-Usage }
        default { Show-Usage | ForEach-Object { [Console]::Error.WriteLine($_) }; Fail "unknown command '$command'" }
    }
}
finally { Set-Location $caller }
