using SamSegmentation.Publicize;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: Publicize INPUT.dll OUTPUT.dll");
    return 2;
}

Publicizer.Write(args[0], args[1]);
return 0;
