<# : batch portion
@echo off
rem Runs the Maven that .mvn\wrapper\maven-wrapper.properties pins, and installs it first where it is missing.
rem The same as mvnw, which explains more; the PowerShell part below prints MVNW_HOME=(the installation).
setlocal
set "MVNW_DIR=%~dp0"
set "MVNW_SELF=%~f0"
set "MVNW_HOME="
for /f "usebackq tokens=1* delims==" %%a in (`powershell -NoProfile -ExecutionPolicy Bypass -Command "& ([ScriptBlock]::Create((Get-Content -Raw -LiteralPath $env:MVNW_SELF)))"`) do if "%%a"=="MVNW_HOME" set "MVNW_HOME=%%b"
if not defined MVNW_HOME exit /b 1
"%MVNW_HOME%\bin\mvn.cmd" %*
: end batch / begin powershell #>

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$problem = $null
$work = $null
try {
	$pin = ConvertFrom-StringData (Get-Content -Raw -LiteralPath (Join-Path $env:MVNW_DIR '.mvn\wrapper\maven-wrapper.properties'))
	$version = $pin.distributionVersion
	$sum = $pin.distributionSha512Sum
	$base = if ($env:MAVEN_USER_HOME) { $env:MAVEN_USER_HOME } else { Join-Path $env:USERPROFILE '.m2' }

	# The checksum is part of the path: what was installed under another one is never run.
	$slot = Join-Path $base "wrapper\dists\apache-maven-$version\$($sum.Substring(0, 16))"
	$maven = Join-Path $slot "apache-maven-$version"

	if (-not (Test-Path -LiteralPath "$maven\bin\mvn.cmd")) {
		$work = Join-Path $slot ".install.$PID"
		New-Item -ItemType Directory -Force -Path $work | Out-Null
		$zip = Join-Path $work "apache-maven-$version-bin.zip"
		try {
			[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
			Invoke-WebRequest -UseBasicParsing -TimeoutSec 30 -Uri $pin.distributionUrl -OutFile $zip
		}
		catch {
			Remove-Item -Force -LiteralPath $zip -ErrorAction SilentlyContinue
			# In a directory of its own, so that neither the project's pom nor its .mvn takes part.
			Push-Location -LiteralPath $work
			cmd /c "mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact=org.apache.maven:apache-maven:${version}:zip:bin -DoutputDirectory=. <nul >nul 2>nul"
			Pop-Location
			if ($LASTEXITCODE -ne 0) {
				throw "cannot install Maven ${version}: $($pin.distributionUrl) cannot be reached, and no mvn on the PATH could resolve it"
			}
		}
		$actual = (Get-FileHash -Algorithm SHA512 -LiteralPath $zip).Hash
		if ($actual -ne $sum) {
			throw "refused Maven ${version}: SHA-512 of the download is $actual, but maven-wrapper.properties pins $sum; download removed"
		}
		Expand-Archive -LiteralPath $zip -DestinationPath $work
		try {
			[IO.Directory]::Move((Join-Path $work "apache-maven-$version"), $maven)
		}
		catch {
			# Another installation was faster: it is as good.
			if (-not (Test-Path -LiteralPath "$maven\bin\mvn.cmd")) { throw }
		}
	}
}
catch {
	$problem = $_.Exception.Message
}
finally {
	if ($work) { Remove-Item -Recurse -Force -LiteralPath $work -ErrorAction SilentlyContinue }
}
if ($problem) {
	[Console]::Error.WriteLine("mvnw: $problem")
	exit 1
}
Write-Output "MVNW_HOME=$maven"
