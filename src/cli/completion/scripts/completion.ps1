# Completion of luau-exec for PowerShell, from 5.1 on.

Register-ArgumentCompleter -Native -CommandName 'luau-exec', 'luau-exec.cmd', 'luau-exec.ps1' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words that end before the cursor, without their quotes, and the one that it stands in.
    $words = @(
        $commandAst.CommandElements | Select-Object -Skip 1 |
            Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
            ForEach-Object {
                if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value }
                else { $_.Extent.Text }
            }
    )
    $word = "$wordToComplete" -replace '^["'']', '' -replace '["'']$', ''

    # In a variable, because PowerShell loses empty words and quotes on the way to a program.
    $before = $env:LUAU_EXEC_COMPLETE_WORDS
    $encoding = [Console]::OutputEncoding
    try {
        $env:LUAU_EXEC_COMPLETE_WORDS = ConvertTo-Json -Compress -InputObject ([string[]]($words + $word))
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        $answer = @(& luau-exec complete --variable 2>$null)
    }
    catch { return }
    finally {
        $env:LUAU_EXEC_COMPLETE_WORDS = $before
        [Console]::OutputEncoding = $encoding
    }
    if ($answer.Count -eq 0 -or $answer[-1] -notmatch '^:(\d+)$') { return }
    $bits = [int]$Matches[1]

    # Nothing is returned where files are wanted: PowerShell then offers its own.
    if ($bits -band 8) { return }
    $found = @(
        $answer | Select-Object -SkipLast 1 | ForEach-Object {
            $value, $description = $_ -split "`t", 2
            if ($value.StartsWith($word, [System.StringComparison]::OrdinalIgnoreCase)) {
                # "@last" alone would be a variable to splat.
                $text = if ($value -match '^[\w.=:/-]+$') { $value } else { "'" + $value.Replace("'", "''") + "'" }
                if (-not $description) { $description = $value }
                [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $description)
            }
        }
    )
    # An empty answer keeps PowerShell from offering files where none belong.
    if ($found.Count -eq 0 -and ($bits -band 4)) { '' } else { $found }
}
